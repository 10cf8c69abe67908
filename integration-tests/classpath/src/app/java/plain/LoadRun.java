package plain;

import dev.bunary.orm.Orm;
import dev.bunary.orm.OrmConfig;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.soak.LoadPlan;
import dev.bunary.orm.soak.ProcessCensus;
import dev.bunary.orm.soak.Report;
import dev.bunary.orm.soak.Scenario;
import dev.bunary.orm.swap.DriverEvent;
import dev.bunary.orm.swap.Registration;
import hotswap.Checks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Fifty swaps by registerDriver under load: a newer copy registered over the old one, the old one taken back before the
 * new one comes, and the better of two taken back. Then factories that are broken in each way, and configurations.
 */
final class LoadRun {
    private static final int SWAPS = 50;
    private static final Duration OPEN = Duration.ofSeconds(2);

    private final Drivers drivers;
    private final Path work;
    private final long seed;
    private final Checks checks;
    private final CountDownLatch endOfHanging = new CountDownLatch(1);
    private Drivers.Copy serving;
    private Registration registration;

    LoadRun(Drivers drivers, Path work, long seed, Checks checks) {
        this.drivers = drivers;
        this.work = work;
        this.seed = seed;
        this.checks = checks;
    }

    void run() throws InterruptedException {
        System.out.println("seed " + seed);
        ProcessCensus census = ProcessCensus.take();
        var forced = new AtomicInteger();
        var quarantined = new AtomicInteger();
        try (Orm orm = Orm.create(config(5_000));
                var listening = orm.listen(event -> {
                    if (event.kind() == DriverEvent.Kind.FORCED) {
                        forced.incrementAndGet();
                    } else if (event.kind() == DriverEvent.Kind.QUARANTINED) {
                        quarantined.incrementAndGet();
                    }
                })) {
            serving = drivers.load();
            registration = orm.registerDriver("sqlite", serving.factory());
            var swaps = new LinkedHashMap<String, Runnable>();
            for (int swap = 1; swap <= SWAPS; swap++) {
                swaps.put("swap " + swap, swap(orm, swap));
            }
            List<DriverFactory> bad = bad();
            bad.forEach(factory -> swaps.put("bad factory " + bad.indexOf(factory), () -> registerBad(orm, factory)));
            for (int busy = 1; busy <= 3; busy++) {
                int busyTimeout = 5_000 + busy;
                swaps.put("configuration " + busy, () -> {
                    orm.configure(config(busyTimeout));
                    orm.configure(config(busyTimeout)); // an equal one does nothing
                });
            }
            var plan = new LoadPlan(4, Duration.ofSeconds(8), LoadPlan.MANY, seed, 1_000, 20_000);
            Report report = new Scenario(orm, plan, System.out::println).run(swaps);
            checks.isTrue("nothing failed, nothing lost or doubled, the database is whole", report.isClean());
            int all = swaps.size();
            checks.isEqual("swaps: " + all, all, report.swaps().size());
            checks.isEqual("swaps that ended work by force", 0, forced.get());
            checks.isTrue("each bad factory was quarantined", quarantined.get() >= bad.size(), quarantined::toString);
            System.out.println("pauses of " + all + " swaps: " + report.pauses());
            checks.isEqual("loaders reachable while one serves", 1L, drivers.reachable(1));
        }
        registration.close();
        serving.close();
        serving = null;
        registration = null;
        checks.isEqual("loaders reachable at the end: 0", 0L, drivers.reachable(0));
        checks.isEqual(
                "what is left", List.of(), census.growth(Duration.ofSeconds(20)).broken());
    }

    private OrmConfig config(int busyTimeout) {
        String path = work.resolve("database.sqlite").toString();
        return OrmConfig.of(
                        DatabaseConfig.of("sqlite", Map.of("path", path, "busyTimeout", String.valueOf(busyTimeout))))
                .withTimeouts(Duration.ofSeconds(20), Duration.ofSeconds(10), OPEN);
    }

    private Runnable swap(Orm orm, int number) {
        return switch (number % 3) {
            case 0 -> () -> inPlace(orm);
            case 1 -> () -> over(orm);
            default -> () -> failOver(orm);
        };
    }

    /** The newer one serves as soon as it is registered, then the old one goes. */
    private void over(Orm orm) {
        Drivers.Copy next = drivers.load();
        Registration newer = orm.registerDriver("sqlite", next.factory());
        orm.getDriver();
        replace(next, newer);
    }

    /** The old one goes first: callers wait. */
    private void inPlace(Orm orm) {
        Drivers.Copy next = drivers.load();
        registration.close();
        serving.close();
        serving = next;
        registration = orm.registerDriver("sqlite", next.factory());
    }

    /** A better one comes and goes again: the first serves in the end. */
    private void failOver(Orm orm) {
        Drivers.Copy better = drivers.load();
        Registration newer = orm.registerDriver("sqlite", better.factory());
        orm.getDriver();
        newer.close();
        better.close();
    }

    private void replace(Drivers.Copy next, Registration newer) {
        registration.close();
        serving.close();
        serving = next;
        registration = newer;
    }

    // ---- what is broken

    private List<DriverFactory> bad() {
        return List.of(
                config -> {
                    throw new IllegalStateException("no database today");
                },
                config -> {
                    throw new NoClassDefFoundError("org/nowhere/Library");
                },
                config -> null,
                config -> {
                    awaitEnd();
                    throw new IllegalStateException("hung");
                });
    }

    private void awaitEnd() {
        try {
            endOfHanging.await();
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whatever it does, the driver that serves is opened again by the factory that has it. */
    private void registerBad(Orm orm, DriverFactory factory) {
        Registration broken = orm.registerDriver("sqlite", factory);
        orm.table("users").find(1).orElseThrow();
        endOfHanging.countDown(); // as taking it back waits for it; it is the last of them
        broken.close();
    }
}
