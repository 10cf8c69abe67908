package dev.bunary.orm.driver.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.SwapStrategy;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drivers of one copy of SQLite side by side on one file, as at a change of the configuration. */
class SqliteReconfigureTest {
    private final SqliteDriverFactory factory = new SqliteDriverFactory();

    @TempDir
    Path folder;

    @Test
    void reconfigureStrategy_ofTheSameJournalMode_isSideBySide() {
        Path file = folder.resolve("a.db");
        DatabaseConfig before = TestDrivers.config(file);

        assertEquals(
                SwapStrategy.OVERLAP,
                factory.reconfigureStrategy(before, TestDrivers.config(file, "busyTimeout", "100", "readers", "2")));
        assertEquals(
                SwapStrategy.EXCLUSIVE,
                factory.reconfigureStrategy(before, TestDrivers.config(file, "journalMode", "delete")));
    }

    @Test
    void oldDriver_closedBesideTheNewOne_losesNoWriteOfEither() {
        Path file = folder.resolve("a.db");
        try (DatabaseDriver after = factory.create(TestDrivers.config(file, "busyTimeout", "1000"))) {
            try (DatabaseDriver before = factory.create(TestDrivers.config(file))) {
                before.exec("CREATE TABLE notes (text TEXT)");
                before.transaction(tx -> {
                    tx.exec("INSERT INTO notes VALUES ('before')");
                    return 1;
                });
                after.exec("INSERT INTO notes VALUES ('after')");
            }
            after.exec("INSERT INTO notes VALUES ('alone')");
            assertEquals(
                    "before, after, alone",
                    after.query("SELECT group_concat(text, ', ') FROM notes")
                            .get()
                            .orElseThrow()
                            .getString(0));
        }
    }
}
