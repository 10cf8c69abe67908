package dev.bunary.orm.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the jars are that the launcher installs; the build puts them there.
 *
 * @param home the folder with {@code bundles}, {@code demo}, {@code swap} and {@code shell}
 */
record Layout(Path home) {
    static final String PROPERTY = "bunary.home";

    static Layout ofThisProcess() {
        String home = System.getProperty(PROPERTY);
        if (home == null) {
            throw new LauncherException("system property " + PROPERTY + " is not set; start with launcher/bunary");
        }
        return new Layout(Path.of(home));
    }

    /** The ORM, its SQLite driver and sqlite-jdbc. */
    List<Path> bundles() {
        return jars("bundles");
    }

    Path driver() {
        return home.resolve("bundles/bunary-orm-driver-sqlite.jar");
    }

    /** The JDBC base that the driver needs. */
    Path driverBase() {
        return home.resolve("bundles/bunary-orm-jdbc.jar");
    }

    Path sqlite() {
        return home.resolve("bundles/sqlite-jdbc.jar");
    }

    /** Another version of sqlite-jdbc, to swap to. */
    Path otherSqlite() {
        return home.resolve("swap/sqlite-jdbc.jar");
    }

    /** The ORM without a driver, and the load: the module path of an application that installs its drivers itself. */
    List<Path> application() {
        return Stream.of("lib/bunary-orm-driver-api.jar", "lib/bunary-orm.jar", "demo/bunary-orm-soak.jar")
                .map(home::resolve)
                .toList();
    }

    /** The consumer bundle of the demo. */
    List<Path> demo() {
        return jars("demo");
    }

    /** The Gogo shell with JLine. */
    List<Path> shell() {
        return jars("shell");
    }

    Path jline() {
        return home.resolve("shell/jline.jar");
    }

    private List<Path> jars(String folder) {
        try (Stream<Path> files = Files.list(home.resolve(folder))) {
            List<Path> jars = files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
            if (jars.isEmpty()) {
                throw new LauncherException("no jars in " + home.resolve(folder) + "; build again");
            }
            return jars;
        } catch (IOException missing) {
            throw new LauncherException("no folder " + home.resolve(folder) + "; build again", missing);
        }
    }
}
