package hotswap;

import dev.bunary.orm.DriverModules;
import dev.bunary.orm.Orm;
import dev.bunary.orm.swap.InstalledDriver;
import java.time.Duration;

/** An update under work that outlasts the drain. */
final class DeadlineRun {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Setting setting;
    private final Checks checks;

    DeadlineRun(Setting setting, Checks checks) {
        this.setting = setting;
        this.checks = checks;
    }

    void run() throws Exception {
        InstalledDriver driver = DriverModules.install(setting.previous());
        var drain = Duration.ofMillis(Outlasting.DRAIN_MILLIS);
        try (Orm orm = Orm.create(setting.config().withTimeouts(PATIENCE, drain, PATIENCE))) {
            new Outlasting(orm, checks).under(() -> driver.update(setting.driver()));
        }
        driver.uninstall();
        checks.isEqual("temporary files", 0, Setting.temporaryFiles().size());
    }
}
