package dev.bunary.orm.soak;

import dev.bunary.orm.Orm;
import dev.bunary.orm.swap.DriverState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A bounded run of swaps under load that anyone can repeat: as many swaps as asked for, spread evenly over the plan's
 * time, and fewer if they do not fit. Ends with what happened and which promises are broken.
 */
public final class Soak {
    private static final int SHOWN_SWAPS = 10;
    private static final Duration GROWTH_LIMIT = Duration.ofSeconds(5);

    private final Orm orm;
    private final LoadPlan plan;
    private final Consumer<String> out;
    private final Scenario scenario;
    private final List<long[]> quiet = new ArrayList<>();
    private @Nullable String endedEarly;

    /**
     * A run.
     *
     * @param orm an Orm whose default connection is an empty SQLite database
     * @param plan how much load; its time is the time of the run, besides filling the tables, the swaps without load and
     *     the last swap
     * @param out takes lines for a person; called on the thread that runs the soak
     */
    public Soak(Orm orm, LoadPlan plan, Consumer<String> out) {
        this.orm = orm;
        this.plan = plan;
        this.out = out;
        this.scenario = new Scenario(orm, plan, out);
    }

    /**
     * Fills the tables, swaps without load, under load and without it again, and checks.
     *
     * @param asked how many swaps to make under load, at least 1
     * @param swaps what to do
     * @return what happened
     * @throws InterruptedException if interrupted while waiting
     */
    public SoakReport run(int asked, SwapPlan swaps) throws InterruptedException {
        scenario.prepare();
        var census = ProcessCensus.take();
        try (var watch = new SwapWatch(orm)) {
            var idle = new IdleCosts();
            measure(idle, watch, swaps.idle().get());
            Report report = underLoad(watch, asked, swaps.next());
            long generation = watch.generation();
            DriverState state = watch.state();
            if (endedEarly == null) {
                orEndEarly(() -> {
                    swaps.finish().run();
                    measure(idle, watch, swaps.idle().get());
                });
            }
            var soaked = new SoakReport(
                    asked,
                    report,
                    idle.median(report.swaps()),
                    Pauses.of(quiet),
                    generation,
                    state,
                    watch.forced(),
                    watch.quarantined(),
                    watch.gone(),
                    census.growth(GROWTH_LIMIT),
                    Optional.ofNullable(endedEarly));
            soaked.lines().forEach(out);
            return soaked;
        }
    }

    private void measure(IdleCosts idle, SwapWatch watch, Iterator<Map.Entry<String, Runnable>> swaps)
            throws InterruptedException {
        while (swaps.hasNext()) {
            Map.Entry<String, Runnable> swap = swaps.next();
            idle.add(swap.getKey(), scenario.idleSwap(watch, swap.getValue()));
        }
    }

    private Report underLoad(SwapWatch watch, int asked, Supplier<Map.Entry<String, Runnable>> next)
            throws InterruptedException {
        out.accept("Load: %d threads for %d s, %d swaps, seed %d"
                .formatted(plan.threads(), plan.duration().toSeconds(), asked, plan.seed()));
        long start = System.nanoTime();
        try (Load load = Load.start(orm, scenario.outlasting(1))) {
            orEndEarly(() -> swapAll(watch, load, start, asked, next));
            return report(load.stop());
        }
    }

    private void swapAll(SwapWatch watch, Load load, long start, int asked, Supplier<Map.Entry<String, Runnable>> next)
            throws InterruptedException {
        Duration lastWindow = Duration.ZERO;
        for (int number = 1; number <= asked; number++) {
            Duration until = plan.duration().multipliedBy(number).dividedBy(asked + 1L);
            measureQuiet(load, left(start, until), lastWindow);
            load.runFor(left(start, until));
            if (left(start, plan.duration()).isNegative()) {
                return;
            }
            Map.Entry<String, Runnable> swap = next.get();
            SwapReport swapped = scenario.swap(watch, load, swap.getKey(), swap.getValue());
            lastWindow = swapped.took();
            show(number, asked, swapped);
        }
        load.runFor(left(start, plan.duration()));
    }

    /** The same load and time as of the last swap, without a swap: what of a pause is the load's own. */
    private void measureQuiet(Load load, Duration left, Duration window) throws InterruptedException {
        if (!window.isZero() && left.compareTo(window.multipliedBy(2)) > 0) {
            load.runFor(left.minus(window)); // what the swap has held up is over
            quiet.add(load.pausesDuring(() -> load.runFor(window)));
        }
    }

    /** Does a step. If it fails, what was done so far is what tells why, so that is reported. */
    private void orEndEarly(Load.InterruptibleRunnable step) throws InterruptedException {
        try {
            step.run();
        } catch (RuntimeException failure) {
            endEarly(failure.toString());
        }
    }

    private void endEarly(String why) {
        endedEarly = endedEarly == null ? why : endedEarly + "; " + why;
    }

    /** Compares ledger and table; if there is no driver to read it with, the other figures are told. */
    private Report report(Load.Result result) {
        try {
            return scenario.report(result);
        } catch (RuntimeException noDriver) {
            endEarly("the table of writes cannot be read: " + noDriver);
            return scenario.unread(result);
        }
    }

    /** One swap of ten of a long run, all of a short one. */
    private void show(int number, int asked, SwapReport swap) {
        if (number % Math.max(1, asked / SHOWN_SWAPS) == 0) {
            out.accept("  %d of %d, %s".formatted(number, asked, swap));
        }
    }

    private static Duration left(long start, Duration until) {
        return until.minusNanos(System.nanoTime() - start);
    }
}
