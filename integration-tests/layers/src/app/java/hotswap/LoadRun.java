package hotswap;

import dev.bunary.orm.DriverModules;
import dev.bunary.orm.Orm;
import dev.bunary.orm.soak.LoadPlan;
import dev.bunary.orm.soak.Report;
import dev.bunary.orm.soak.Scenario;
import dev.bunary.orm.soak.SwapReport;
import dev.bunary.orm.swap.DriverEvent;
import dev.bunary.orm.swap.InstalledDriver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Fifty updates between two versions of the library below, under load. */
final class LoadRun {
    private static final int THREADS = 4;
    private static final int UPDATES = 50;
    private static final Duration TIME = Duration.ofSeconds(6);

    private final Setting setting;
    private final Checks checks;

    LoadRun(Setting setting, Checks checks) {
        this.setting = setting;
        this.checks = checks;
    }

    void run() throws InterruptedException {
        var plan = new LoadPlan(THREADS, TIME, LoadPlan.MANY, setting.seed(), 1_000, 20_000);
        InstalledDriver driver = DriverModules.install(setting.previous());
        var bad = new AtomicInteger();
        try (Orm orm = setting.orm();
                var listening = orm.listen(event -> {
                    if (event.kind() == DriverEvent.Kind.FORCED || event.kind() == DriverEvent.Kind.QUARANTINED) {
                        bad.incrementAndGet();
                    }
                })) {
            var swaps = new LinkedHashMap<String, Runnable>();
            for (int update = 1; update <= UPDATES; update++) {
                Path next = update % 2 == 1 ? setting.driver() : setting.previous();
                swaps.put("update " + update, () -> driver.update(next));
            }
            Report report = new Scenario(orm, plan, System.out::println).run(swaps);
            checks.isTrue("nothing failed, nothing lost or doubled, the database is whole", report.isClean());
            checks.isEqual("updates", UPDATES, report.swaps().size());
            checks.isTrue(
                    "each update changed the library's version",
                    report.swaps().stream().noneMatch(swap -> swap.engineFrom().equals(swap.engineTo())));
            checks.isEqual(
                    "generation after the last update",
                    UPDATES + 1L,
                    report.swaps().stream()
                            .mapToLong(SwapReport::generation)
                            .max()
                            .orElse(0));
            checks.isEqual("swaps forced or drivers quarantined", 0, bad.get());
            System.out.println("pauses of " + UPDATES + " updates: " + report.pauses());
        }
        driver.uninstall();
        checks.isEqual("temporary files", 0, Setting.temporaryFiles().size());
    }
}
