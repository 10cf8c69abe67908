package dev.bunary.orm.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Version;

/** {@code start} as users run it, with the real bundles in the drop-in folder. */
final class StartIT {
    @TempDir
    private Path temp;

    @TempDir
    private Path folder;

    private Layout layout;
    private Path drivers;

    @BeforeEach
    void createDriversFolder() throws Exception {
        layout = Layout.ofThisProcess();
        drivers = Files.createDirectory(folder.resolve("drivers"));
    }

    @Test
    void start_withConfiguration_isReadyAndEndsOnSigtermWithoutTraces() throws Exception {
        Path config = Files.writeString(folder.resolve("app.properties"), """
                connection.default.type=sqlite
                connection.default.path=%s
                connection.reports.type=postgres
                connection.reports.password=${env:REPORTS_PASSWORD}
                drainTimeout=1s
                """.formatted(folder.resolve("app.sqlite")));

        try (var start = LauncherProcess.start(
                temp, Map.of("REPORTS_PASSWORD", "hush-hush"), "start", "--config", config.toString())) {
            String ready = start.await(" ready: ");
            assertTrue(ready.contains("connections: default (sqlite), reports (postgres)"), ready);
            start.terminate();
            assertEquals(143, start.exitCode(), start::output);
            assertFalse(start.output().contains("hush-hush"), start::output);
            assertFalse(start.output().contains("\tat "), start::output);
        }
        try (Stream<Path> left = Files.list(temp)) {
            assertTrue(left.noneMatch(path -> path.getFileName().toString().startsWith("bunary")), "folders are left");
        }
    }

    @Test
    void start_aPlaceholderThatIsNotSet_failsInOneLine() throws Exception {
        Path config = Files.writeString(
                folder.resolve("app.properties"),
                "connection.default.type=sqlite\nconnection.default.path=${env:BUNARY_TEST_ABSENT}\n");

        try (var start = LauncherProcess.start(temp, Map.of(), "start", "--config", config.toString())) {
            assertEquals(1, start.exitCode(), start::output);
            assertEquals(1, start.output().lines().count(), start::output);
            assertTrue(start.output().contains("BUNARY_TEST_ABSENT"), start::output);
        }
    }

    @Test
    void start_jarsComeChangeBreakAndGo_theRunningBundlesFollow() throws Exception {
        Path old = layout.otherSqlite();
        try (var start = LauncherProcess.start(temp, Map.of(), "start", "--drivers", drivers.toString())) {
            start.await(" ready: ");
            Path driver = drivers.resolve("driver.jar");

            Restamp.write(layout.driver(), new Version(0, 2, 0), driver);
            start.await("installed dev.bunary.orm.driver.sqlite 0.2.0 from driver.jar");
            Restamp.write(layout.driver(), new Version(0, 3, 0), driver);
            start.await("updated dev.bunary.orm.driver.sqlite 0.2.0 to dev.bunary.orm.driver.sqlite 0.3.0");

            Path sqlite = Files.copy(old, drivers.resolve("sqlite-jdbc-other.jar"));
            String update = start.await("updated org.xerial.sqlite-jdbc ");
            assertTrue(update.endsWith(" from sqlite-jdbc-other.jar"), update);
            Jars.truncate(sqlite, 0.5);
            start.await("rejected sqlite-jdbc-other.jar: it is no complete jar");
            Files.writeString(drivers.resolve("broken.jar"), "no jar");
            start.await("rejected broken.jar: it is no complete jar");
            Jars.bundle(
                    drivers.resolve("lonely.jar"), "org.example.lonely", "1", Map.of("Import-Package", "org.absent"));
            start.await("rejected lonely.jar: it does not resolve: nothing provides");

            Files.delete(sqlite);
            start.await("back to org.xerial.sqlite-jdbc ");
            Files.delete(driver);
            start.await("uninstalled dev.bunary.orm.driver.sqlite 0.3.0, as driver.jar is gone");

            start.terminate();
            assertEquals(143, start.exitCode(), start::output);
        }
    }

    @Test
    void start_aStorageFolder_isUsedAndKeptAndUsedAgain() throws Exception {
        Path storage = folder.resolve("storage");

        for (int i = 1; i <= 2; i++) {
            try (var start = LauncherProcess.start(temp, Map.of(), "start", "--storage", storage.toString())) {
                start.await(" ready: ");
                start.terminate();
                assertEquals(143, start.exitCode(), start::output);
            }
        }

        assertTrue(Files.isDirectory(storage.resolve("bundle1")), "no bundles in " + storage);
    }
}
