package hotswap;

import dev.bunary.orm.DriverModules;
import dev.bunary.orm.Orm;
import dev.bunary.orm.swap.FactoryInfo;
import dev.bunary.orm.swap.InstalledDriver;
import java.util.List;

/** The module path has the same driver: an installed one goes before it, uninstalled it gives way to it again. */
final class PrecedenceRun {
    private final Setting setting;
    private final Checks checks;

    PrecedenceRun(Setting setting, Checks checks) {
        this.setting = setting;
        this.checks = checks;
    }

    void run() {
        try (Orm orm = setting.orm()) {
            InstalledDriver first = DriverModules.install(setting.previous());
            String previous = Setting.version(orm);
            checks.isEqual("installed before the first use", "module layer", origin(orm));
            first.uninstall();
            String onThePath = Setting.version(orm);
            checks.isEqual("after uninstall", "service loader", origin(orm));
            checks.isTrue("the path has another version", !previous.equals(onThePath));
            InstalledDriver second = DriverModules.install(setting.previous());
            checks.isEqual("installed after the first use", previous, Setting.version(orm));
            checks.isEqual("its origin", "module layer", origin(orm));
            ClassLoader layer = orm.getDriver().dialect().getClass().getClassLoader();
            checks.isTrue("its classes are its own", layer != Orm.class.getClassLoader());
            checks.isTrue(
                    "the path's JDBC base is shared, as it has the same version",
                    !modules(orm).contains("dev.bunary.orm.jdbc"));
            checks.isTrue(
                    "the library below is not, as it has another", modules(orm).contains("org.xerial.sqlitejdbc"));
            second.uninstall();
            checks.isEqual("after uninstall", onThePath, Setting.version(orm));
        }
    }

    private static List<String> modules(Orm orm) {
        return orm.getDriver().dialect().getClass().getModule().getLayer().modules().stream()
                .map(Module::getName)
                .sorted()
                .toList();
    }

    private static String origin(Orm orm) {
        return orm.drivers().get(0).factory().map(FactoryInfo::origin).orElse("none");
    }
}
