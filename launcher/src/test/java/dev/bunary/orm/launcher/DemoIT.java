package dev.bunary.orm.launcher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.Orm;
import dev.bunary.orm.OrmConfig;
import dev.bunary.orm.driver.DatabaseConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo as users run it, only shorter. */
final class DemoIT {
    private static final String SHIPPED = "dev.bunary.orm.driver.sqlite 0.1.0";

    @TempDir
    private Path temp;

    @TempDir
    private Path folder;

    @Test
    void demo_allSwapsUnderLoad_nothingFailsAndNothingIsLost() throws Exception {
        try (var demo = LauncherProcess.start(temp, Map.of(), "demo", "--seconds=3", "--threads=3", "--seed=11")) {
            assertEquals(0, demo.exitCode(), demo::output);

            String output = demo.output();
            for (String expected : List.of(
                    "{id=1, name=Barbara 1, email=user1@example.com",
                    "posts: 50,000 of 50,000 rows",
                    "update the driver bundle in place, 1 of 5: generation 2, " + SHIPPED,
                    "update the driver bundle in place, 5 of 5: generation 6, ",
                    "install a second driver bundle beside it: generation 7, ",
                    "uninstall the second driver bundle: generation 8, ",
                    "replace the sqlite-jdbc bundle by another version: generation 9, ",
                    "replace the sqlite-jdbc bundle back: generation 10, ",
                    "0 failed operations",
                    ": 0 lost, 0 doubled, 0 torn, 0 unacknowledged",
                    "integrity_check: ok",
                    "OK: 0 failed, 0 lost (seed 11)")) {
                assertTrue(output.contains(expected), () -> "no '" + expected + "' in:\n" + output);
            }
            assertEquals(
                    2,
                    output.lines().filter(line -> line.contains(", SQLite 3.")).count(),
                    output);
            assertTempIsEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"wal", "delete"})
    void demo_aDatabaseOfTheUser_isReadAndNotChanged(String journalMode) throws Exception {
        Path file = database(journalMode);
        byte[] before = Files.readAllBytes(file);

        try (var demo = LauncherProcess.start(temp, Map.of(), "demo", "--db", file.toString())) {
            assertEquals(0, demo.exitCode(), demo::output);
            demo.await("Table towns, key code");
            demo.await("  count: 2");
            demo.await("  find(BER): code=BER, name=Berlin");
            demo.await("driver bundle updated in place: generation 1 -> 2, find(BER) gives the same row");
        }

        assertArrayEquals(before, Files.readAllBytes(file), "the user's file has changed");
        assertTempIsEmpty();
    }

    @Test
    void demo_aDatabaseWithoutTables_failsInOneLine() throws Exception {
        Path file = folder.resolve("empty.sqlite");
        try (Orm orm = open(file, "delete")) {
            orm.getDriver().exec("CREATE TABLE t (x)");
            orm.getDriver().exec("DROP TABLE t");
        }

        try (var demo = LauncherProcess.start(temp, Map.of(), "demo", "--db", file.toString())) {
            assertEquals(1, demo.exitCode(), demo::output);
            demo.await("bunary: the database has no table; bring a SQLite file");
        }
    }

    @Test
    void demo_aDamagedDatabase_failsInOneLine() throws Exception {
        Path file = database("delete");
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 3_000));

        try (var demo = LauncherProcess.start(temp, Map.of(), "demo", "--db", file.toString())) {
            assertEquals(1, demo.exitCode(), demo::output);
            demo.await("bunary: ");
            assertTrue(demo.output().lines().noneMatch(line -> line.startsWith("\tat ")), demo.output());
        }
    }

    private Path database(String journalMode) {
        Path file = folder.resolve("towns.sqlite");
        try (Orm orm = open(file, journalMode)) {
            orm.getDriver().exec("CREATE TABLE towns (code TEXT PRIMARY KEY, name TEXT)");
            orm.table("towns").insert(Map.of("code", "BER", "name", "Berlin"));
            orm.table("towns").insert(Map.of("code", "ROM", "name", "Rome"));
        }
        return file;
    }

    private static Orm open(Path file, String journalMode) {
        return Orm.create(
                OrmConfig.of(DatabaseConfig.of("sqlite", Map.of("path", file.toString(), "journalMode", journalMode))));
    }

    private void assertTempIsEmpty() throws Exception {
        try (Stream<Path> left = Files.list(temp)) {
            assertEquals(
                    List.of(),
                    left.filter(path -> !path.getFileName().toString().startsWith("hsperfdata"))
                            .toList(),
                    "left in the temporary folder");
        }
    }
}
