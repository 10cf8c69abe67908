package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bunary.orm.Orm;
import dev.bunary.orm.OrmConfig;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.sqlite.SqliteDriverFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Changes of the configuration of a real database while it is in use. */
@Timeout(60)
class SqliteReconfiguredTest {
    @TempDir
    Path folder;

    private static OrmConfig config(String path, String busyTimeout) {
        return OrmConfig.of(DatabaseConfig.of("sqlite", Map.of("path", path, "busyTimeout", busyTimeout)));
    }

    @Test
    void configure_busyTimeoutOfAMemoryDatabase_keepsItsData() {
        try (Orm orm = Orm.create(config(":memory:", "1000"))) {
            orm.registerDriver("sqlite", new SqliteDriverFactory());
            DatabaseDriver driver = orm.getDriver();
            driver.exec("CREATE TABLE t (a INTEGER)");
            driver.exec("INSERT INTO t VALUES (1)");

            orm.configure(config(":memory:", "2000"));

            assertEquals(1, driver.query("SELECT a FROM t").all().size());
        }
    }

    @Test
    void mapperOfAnInsert_thatWritesToo_goesOnWhenTheBusyTimeoutChanges() {
        String file = folder.resolve("a.db").toString();
        try (Orm orm = Orm.create(config(file, "1000"))) {
            orm.registerDriver("sqlite", new SqliteDriverFactory());
            DatabaseDriver driver = orm.getDriver();
            driver.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER)");

            List<Long> written = driver.insert("INSERT INTO t (a) VALUES (1)", List.of("id"))
                    .all(columns -> row -> {
                        orm.configure(config(file, "2000"));
                        orm.getDriver(); // the swap is done
                        return driver.exec("INSERT INTO t (a) VALUES (2)");
                    });

            assertEquals(List.of(1L), written);
        }
    }
}
