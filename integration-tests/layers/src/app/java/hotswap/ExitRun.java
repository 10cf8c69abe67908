package hotswap;

import dev.bunary.orm.DriverModules;

/** Leaves a driver installed and open: the copies of its jars go when the process ends. */
final class ExitRun {
    private final Setting setting;
    private final Checks checks;

    ExitRun(Setting setting, Checks checks) {
        this.setting = setting;
        this.checks = checks;
    }

    void run() {
        DriverModules.install(setting.driver());
        checks.isTrue("a version", !Setting.version(setting.orm()).isEmpty());
        checks.isTrue("copies are there", !Setting.temporaryFiles().isEmpty());
    }
}
