package hotswap;

import dev.bunary.orm.DriverModules;
import dev.bunary.orm.Orm;
import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.soak.LoadPlan;
import dev.bunary.orm.soak.Report;
import dev.bunary.orm.soak.Scenario;
import dev.bunary.orm.swap.DriverEvent;
import dev.bunary.orm.swap.InstalledDriver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Under load comes a driver that would go before the one that serves, and is broken: that one serves on. */
final class BadRun {
    private static final String KIND = "bad";

    private final Setting setting;
    private final Path jar;
    private final Checks checks;

    BadRun(Setting setting, Path jar, Checks checks) {
        this.setting = setting;
        this.jar = jar;
        this.checks = checks;
    }

    void run() throws InterruptedException {
        InstalledDriver driver = DriverModules.install(setting.driver());
        var forced = new AtomicInteger();
        var quarantined = new AtomicInteger();
        var open = Duration.ofSeconds(2);
        try (Orm orm = Orm.create(setting.config().withTimeouts(Duration.ofSeconds(20), Duration.ofSeconds(10), open));
                var listening = orm.listen(event -> {
                    if (event.kind() == DriverEvent.Kind.FORCED) {
                        forced.incrementAndGet();
                    } else if (event.kind() == DriverEvent.Kind.QUARANTINED) {
                        quarantined.incrementAndGet();
                    }
                })) {
            var swaps = new LinkedHashMap<String, Runnable>();
            List<String> kinds = List.of("exception", "error", "null", "hangs");
            kinds.forEach(kind -> swaps.put("a driver whose create() fails: " + kind, () -> comeAndGo(orm, kind)));
            var plan = new LoadPlan(4, Duration.ofSeconds(3), LoadPlan.MANY, setting.seed(), 1_000, 5_000);
            Report report = new Scenario(orm, plan, System.out::println).run(swaps);
            checks.isTrue("nothing failed, nothing lost or doubled, the database is whole", report.isClean());
            checks.isEqual("swaps that ended work by force", 0, forced.get());
            checks.isTrue("each was left alone", quarantined.get() >= kinds.size(), quarantined::toString);
        }
        System.setProperty(KIND, "constructor");
        checks.fails(
                "a driver whose factory cannot be made",
                ConfigurationException.class,
                () -> DriverModules.install(jar),
                "bad",
                "not made today");
        driver.uninstall();
        checks.isEqual("temporary files", 0, Setting.temporaryFiles().size());
    }

    private void comeAndGo(Orm orm, String kind) {
        System.setProperty(KIND, kind);
        InstalledDriver bad = DriverModules.install(jar);
        orm.table("users").find(1).orElseThrow();
        System.clearProperty(KIND); // ends what hangs, which taking it back would wait for
        bad.uninstall();
    }
}
