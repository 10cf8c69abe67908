package dev.bunary.orm.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.Orm;
import dev.bunary.orm.OrmConfig;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.swap.Registration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The soak on the class path with the real SQLite driver, whose factory is registered and unregistered in turn. */
@Timeout(60)
final class SoakTest {
    private static final LoadPlan PLAN =
            LoadPlan.of(3, Duration.ofMillis(800), 42).withRows(100, 500);

    @TempDir
    private Path folder;

    private final List<String> lines = new ArrayList<>();
    private Orm orm;
    private Registration registered;

    @BeforeEach
    void open() {
        orm = Orm.create(OrmConfig.of(DatabaseConfig.of(
                "sqlite", Map.of("path", folder.resolve("s.sqlite").toString()))));
    }

    @AfterEach
    void close() {
        orm.close();
    }

    @Test
    void run_swapsThatFit_makesAllAndBreaksNothing() throws InterruptedException {
        var plan = LoadPlan.of(3, Duration.ofSeconds(3), 42).withRows(100, 500);

        SoakReport report = new Soak(orm, plan, lines::add).run(4, SwapPlan.of(turns()));

        assertEquals(List.of(), report.broken(), () -> String.join("\n", lines));
        assertEquals(4, report.run().swaps().size());
        assertEquals(5, report.generation());
        assertEquals(true, report.toMap().get("clean"));
        assertEquals(4, report.toMap().get("swaps"));
        assertEquals(
                4, lines.stream().filter(line -> line.contains(" of 4, turn")).count());
        assertTrue(lines.contains("generation 5 serves; 0 forced ends"), () -> String.join("\n", lines));
    }

    @Test
    void run_idleSwaps_areTheYardstickOfThePauses() throws InterruptedException {
        Supplier<Map.Entry<String, Runnable>> turns = turns();
        var finished = new AtomicInteger();
        var plan = new SwapPlan(
                () -> List.of(turns.get(), turns.get(), turns.get()).iterator(), turns, finished::incrementAndGet);

        SoakReport report = new Soak(orm, PLAN, lines::add).run(2, plan);

        assertEquals(List.of(), report.broken(), () -> String.join("\n", lines));
        assertEquals(1 + 3 + 2, report.generation());
        assertEquals(1 + 3 + 2 + 3, orm.drivers().get(0).generation());
        assertEquals(2, report.run().swaps().size());
        assertEquals(1, finished.get());
        double ratio = (double) report.run().pauses().p50().toNanos()
                / report.idle().orElseThrow().toNanos();
        assertEquals(ratio, report.pauseRatio().orElseThrow());
        assertEquals(ratio, report.toMap().get("pauseRatio"));
        assertTrue(
                lines.stream().anyMatch(line -> line.startsWith("the same swaps without load: p50 ")),
                () -> String.join("\n", lines));
    }

    @Test
    void run_noIdleSwaps_hasNoYardstick() throws InterruptedException {
        SoakReport report = new Soak(orm, PLAN, lines::add).run(1, SwapPlan.of(turns()));

        assertTrue(report.pauseRatio().isEmpty());
        assertFalse(report.toMap().containsKey("pauseRatio"));
    }

    @Test
    void run_moreSwapsThanTheTimeHolds_endsInTimeAndSaysSo() throws InterruptedException {
        SoakReport report = new Soak(orm, PLAN, lines::add).run(1_000_000, SwapPlan.of(turns()));

        int made = report.run().swaps().size();
        assertTrue(made > 0 && made < 1_000_000, made + " swaps");
        assertTrue(
                report.quiet().count() == 0
                        && lines.contains("only " + made + " of 1000000 swaps fitted into the time"),
                () -> String.join("\n", lines));
        assertEquals(1_000_000, report.toMap().get("swapsAsked"));
    }

    @Test
    void run_noSwapFits_isBroken() throws InterruptedException {
        var plan = new LoadPlan(2, Duration.ofNanos(1), LoadPlan.MANY, 1, 100, 500);

        SoakReport report = new Soak(orm, plan, lines::add).run(1, SwapPlan.of(turns()));

        assertTrue(report.broken().contains("no swap was made in the time, so nothing is proved"), report.toString());
    }

    @Test
    void run_aDriverThatLosesAcknowledgedWrites_isBroken() throws InterruptedException {
        orm.registerDriver("sqlite", BadDriver.that((real, sql, params) -> 1));

        SoakReport report = new Soak(orm, PLAN, lines::add).run(2, SwapPlan.of(turns()));

        assertTrue(
                report.broken().contains(report.run().audit().lost() + " acknowledged rows are lost"),
                () -> report.broken().toString());
        assertEquals(false, report.toMap().get("clean"));
    }

    /** A second driver that takes no write: all workers give up, and what follows is told, not thrown. */
    @Test
    void run_everyWorkerGivesUp_endsEarlyWithItsFigures() throws InterruptedException {
        Supplier<Map.Entry<String, Runnable>> turns = turns();
        var plan = new LoadPlan(3, Duration.ofSeconds(20), LoadPlan.MANY, 42, 100, 500);
        orm.registerDriver("sqlite", BadDriver.that((real, sql, params) -> {
            throw new IllegalStateException("takes no write");
        }));

        SoakReport report = new Soak(orm, plan, lines::add).run(1_000, SwapPlan.of(() -> {
            awaitTheEndOf("soak-1", "soak-2", "soak-3");
            return turns.get();
        }));

        assertEquals(3_000, report.run().load().failed());
        assertTrue(
                report.broken().stream()
                        .anyMatch(why -> why.contains("all workers have given up after 3000 failed operations")),
                () -> report.broken().toString());
        assertTrue(lines.contains("3000 failed operations"), () -> String.join("\n", lines));
        assertEquals(0, report.run().audit().lost());
    }

    /** The others go on, and a swap does not wait for it. */
    @Test
    void run_oneWorkerGivesUp_isNotWaitedFor() throws InterruptedException {
        Supplier<Map.Entry<String, Runnable>> turns = turns();
        orm.registerDriver("sqlite", BadDriver.that((real, sql, params) -> {
            if (Thread.currentThread().getName().equals("soak-2")) {
                throw new IllegalStateException("takes no write of soak-2");
            }
            return real.exec(sql, params);
        }));
        var plan = new LoadPlan(3, Duration.ofSeconds(3), LoadPlan.MANY, 42, 100, 500);

        SoakReport report = new Soak(orm, plan, lines::add).run(2, SwapPlan.of(() -> {
            awaitTheEndOf("soak-2");
            return turns.get();
        }));

        assertEquals(List.of("1000 operations failed"), report.broken());
        assertFalse(report.run().swaps().isEmpty());
    }

    /** The factory goes and none comes: the table cannot be read, but what the load did is told. */
    @Test
    void run_noDriverComesAnyMore_endsEarlyWithItsFigures() throws InterruptedException {
        orm.close();
        orm = Orm.create(OrmConfig.of(DatabaseConfig.of(
                        "only", Map.of("path", folder.resolve("s.sqlite").toString())))
                .withTimeouts(Duration.ofMillis(300), Duration.ofSeconds(5), Duration.ofSeconds(10)));
        Registration only = orm.registerDriver("only", BadDriver.good());

        SoakReport report = new Soak(orm, PLAN, lines::add)
                .run(
                        3,
                        SwapPlan.of(() -> Map.entry("leave", () -> {
                            only.close();
                            throw new IllegalStateException("the new version did not install");
                        })));

        String why = report.endedEarly().orElseThrow();
        assertTrue(why.contains("the new version did not install; the table of writes cannot be read: "), why);
        Map<String, Object> figures = report.toMap();
        assertEquals(false, figures.get("clean"));
        assertTrue((long) figures.get("operations") > 0, figures::toString);
        assertTrue((long) figures.get("acknowledged") > 0, figures::toString);
        assertFalse(figures.containsKey("lost"), "a zero would say that nothing is lost");
        assertTrue(
                lines.stream().anyMatch(line -> line.endsWith(" rows acknowledged, none compared")), lines::toString);
    }

    @Test
    void run_aStepAfterTheLoadFails_endsEarlyWithItsFigures() throws InterruptedException {
        var plan = new SwapPlan(() -> List.<Map.Entry<String, Runnable>>of().iterator(), turns(), () -> {
            throw new IllegalStateException("the episode does not end");
        });

        SoakReport report = new Soak(orm, PLAN, lines::add).run(2, plan);

        assertEquals(
                List.of("the run ended early: java.lang.IllegalStateException: the episode does not end"),
                report.broken());
        assertEquals(2, report.run().swaps().size());
    }

    /** With one factory, each restart leaves none for a moment, which the callers wait out. */
    @Test
    void run_theOnlyDriverRestarts_countsTheGapsAndBreaksNothing() throws InterruptedException {
        orm.close();
        orm = Orm.create(OrmConfig.of(DatabaseConfig.of(
                "only", Map.of("path", folder.resolve("s.sqlite").toString()))));
        registered = orm.registerDriver("only", BadDriver.good());

        SoakReport report = new Soak(orm, PLAN, lines::add)
                .run(
                        2,
                        SwapPlan.of(() -> Map.entry("restart", () -> {
                            registered.close();
                            registered = orm.registerDriver("only", BadDriver.good());
                        })));

        assertEquals(List.of(), report.broken(), () -> String.join("\n", lines));
        assertEquals(2, report.gone());
        assertTrue(
                lines.contains("2 times no driver for a moment; 0 factories quarantined; the driver is BOUND"),
                () -> String.join("\n", lines));
        assertEquals(2L, report.toMap().get("gone"));
        assertEquals("BOUND", report.toMap().get("state"));
    }

    /** The driver of the class path serves again. */
    @Test
    void run_aDriverThatDoesNotOpen_isBrokenByQuarantine() throws InterruptedException {
        SoakReport report = new Soak(orm, PLAN, lines::add)
                .run(
                        1,
                        SwapPlan.of(() -> Map.entry(
                                "bad",
                                () -> orm.registerDriver("sqlite", config -> {
                                    throw new IllegalStateException("does not open");
                                }))));

        assertTrue(report.quarantined() > 0, () -> String.join("\n", lines));
        assertTrue(
                report.broken().contains(report.quarantined() + " times a factory was quarantined"),
                () -> report.broken().toString());
    }

    /** The control fits between two swaps, and takes no swap's time. */
    @Test
    void run_timeBetweenTheSwaps_measuresTheLoadItself() throws InterruptedException {
        var plan = LoadPlan.of(3, Duration.ofSeconds(4), 42).withRows(100, 500);

        SoakReport report = new Soak(orm, plan, lines::add).run(3, SwapPlan.of(turns()));

        assertEquals(3, report.run().swaps().size());
        assertTrue(report.quiet().count() > 0, () -> String.join("\n", lines));
        assertEquals(report.quiet().p50().toNanos(), report.toMap().get("quietP50Nanos"));
        assertTrue(lines.contains("the same load without a swap: " + report.quiet()), () -> String.join("\n", lines));
    }

    private static void awaitTheEndOf(String... names) {
        Thread[] threads = new Thread[Thread.activeCount() + 10];
        int count = Thread.enumerate(threads);
        try {
            for (int i = 0; i < count; i++) {
                if (List.of(names).contains(threads[i].getName())) {
                    threads[i].join(TimeUnit.SECONDS.toMillis(30));
                }
            }
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    @Test
    void run_workThatOutlastsTheDrain_isBrokenByForce() throws InterruptedException {
        orm.configure(
                orm.config().withTimeouts(Duration.ofSeconds(10), Duration.ofMillis(200), Duration.ofSeconds(10)));
        var held = new CountDownLatch(1);
        var ended = new CountDownLatch(1);
        var holder = new Thread(() -> hold(held, ended), "holder");
        Supplier<Map.Entry<String, Runnable>> turns = turns();

        SoakReport report = new Soak(orm, PLAN, lines::add).run(1, SwapPlan.of(() -> {
            holder.start();
            await(held);
            return turns.get();
        }));
        ended.countDown();
        holder.join(TimeUnit.SECONDS.toMillis(10));

        assertEquals(1, report.forced());
        assertTrue(
                report.broken().contains("1 drains were ended by force"),
                () -> report.broken().toString());
    }

    @Test
    void run_threadsThatASwapLeaves_isBroken() throws InterruptedException {
        var end = new CountDownLatch(1);
        Supplier<Map.Entry<String, Runnable>> turns = turns();

        SoakReport report = new Soak(orm, PLAN, lines::add).run(1, SwapPlan.of(() -> {
            for (int i = 0; i < 6; i++) { // of one swap, as six might not fit into the time
                var leaked = new Thread(() -> await(end), "leaked");
                leaked.setDaemon(true);
                leaked.start();
            }
            return turns.get();
        }));
        end.countDown();

        assertTrue(
                report.broken().stream().anyMatch(promise -> promise.contains("leaked, leaked")),
                () -> report.broken().toString());
    }

    @Test
    void tuning_applied_isFollowedByAHandleTakenBefore() {
        orm.getDriver();

        Tuning.apply(orm, Map.of("busyTimeout", "5001"));

        assertEquals(
                Optional.of("5001"), orm.config().connections().get("default").find("busyTimeout"));
        orm.getDriver();
        assertEquals(2, orm.drivers().get(0).generation());
    }

    @Test
    void tuning_ofWhatNamesTheDatabase_isAnError() {
        orm.getDriver();

        assertThrows(
                DriverClosedException.class,
                () -> Tuning.apply(
                        orm, Map.of("path", folder.resolve("other.sqlite").toString())));
    }

    /** Registers a driver by code, then takes it back, and so on. */
    private Supplier<Map.Entry<String, Runnable>> turns() {
        return () -> Map.entry("turn", () -> {
            if (registered == null) {
                registered = orm.registerDriver("sqlite", BadDriver.good());
            } else {
                registered.close();
                registered = null;
            }
        });
    }

    /** Holds a stream open, which holds up no writer of the load. */
    private void hold(CountDownLatch held, CountDownLatch ended) {
        try (var rows = orm.table("users").stream()) {
            held.countDown();
            await(ended);
            rows.findFirst();
        } catch (RuntimeException forced) {
            lines.add("the holder was told: " + forced.getMessage());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody counted down");
            }
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }
}
