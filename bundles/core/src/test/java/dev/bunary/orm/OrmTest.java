package dev.bunary.orm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.ColumnTypeException;
import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.DriverUnavailableException;
import dev.bunary.orm.driver.NoDriverException;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.driver.QueryResult;
import dev.bunary.orm.driver.Row;
import dev.bunary.orm.driver.SwapStrategy;
import dev.bunary.orm.driver.TransactionCallback;
import dev.bunary.orm.driver.TransactionOptions;
import dev.bunary.orm.driver.TransactionStateException;
import dev.bunary.orm.driver.UniqueViolationException;
import dev.bunary.orm.driver.sqlite.SqliteDriverFactory;
import dev.bunary.orm.swap.FactoryInfo;
import dev.bunary.orm.swap.Registration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The front door on real SQLite files. */
@Timeout(60)
class OrmTest {
    @TempDir
    Path folder;

    private Orm orm;

    private DatabaseConfig sqlite(String file) {
        return DatabaseConfig.of("sqlite", Map.of("path", folder.resolve(file).toString()));
    }

    @BeforeEach
    void open() {
        orm = Orm.create(OrmConfig.of(sqlite("app.db")).with("reports", sqlite("reports.db")));
        orm.getDriver().exec("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)");
    }

    @AfterEach
    void close() {
        orm.close();
    }

    // ---- queries and transactions

    @Test
    void table_findAfterInsert_givesTheRow() {
        Object id = orm.table("users").insertGetId(Map.of("name", "Ada"));
        assertEquals(1L, id);
        assertEquals(
                "Ada",
                orm.table("users").find(1).map(row -> row.getString("name")).orElseThrow());
    }

    @Test
    void transaction_whoseWorkThrows_changesNothing() {
        assertThrows(
                IllegalStateException.class,
                () -> orm.transaction(tx -> {
                    orm.table("users").insert(Map.of("name", "Ada"));
                    assertEquals(1, orm.table("users").count(), "joined");
                    throw new IllegalStateException("on purpose");
                }));
        assertEquals(0, orm.table("users").count());
    }

    @Test
    void transaction_nested_isASavepoint() {
        orm.transaction(() -> {
            orm.table("users").insert(Map.of("name", "Ada"));
            assertThrows(
                    UniqueViolationException.class,
                    () -> orm.transaction(() -> {
                        orm.table("users").insert(Map.of("name", "Bob"));
                        orm.table("users").insert(Map.of("name", "Ada"));
                    }));
            orm.transaction(() -> {
                orm.table("users").insert(Map.of("name", "Cleo"));
            });
        });
        assertEquals(
                List.of("Ada", "Cleo"),
                orm.table("users").orderBy("id").all().stream()
                        .map(row -> row.getString("name"))
                        .toList());
    }

    @Test
    void transaction_givesTheResultOfItsWork_nullToo() {
        assertEquals("x", orm.<String>transaction(tx -> "x"));
        assertEquals(null, orm.<Object>transaction(tx -> null));
    }

    @Test
    void transaction_onAnotherThread_doesNotJoin() {
        orm.transaction(() -> {
            orm.table("users").insert(Map.of("name", "Ada"));
            long seen = CompletableFuture.supplyAsync(() -> orm.table("users").count())
                    .join();
            assertEquals(0, seen);
        });
    }

    @Test
    void transaction_driverUsedAfterItsEndOrElsewhere_throws() {
        var kept = new AtomicReference<DatabaseDriver>();
        orm.transaction(tx -> {
            kept.set(tx);
            var failure = assertThrows(
                    CompletionException.class,
                    () -> CompletableFuture.runAsync(() -> tx.exec("DELETE FROM users"))
                            .join());
            assertInstanceOf(TransactionStateException.class, failure.getCause());
            return 1;
        });
        assertThrows(TransactionStateException.class, () -> kept.get().exec("DELETE FROM users"));
    }

    @Test
    void transaction_readOnly_refusesToWrite() {
        assertThrows(
                OrmException.class,
                () -> orm.transaction(
                        TransactionOptions.READ_ONLY, tx -> tx.exec("INSERT INTO users (name) VALUES ('x')")));
        assertEquals(0, orm.table("users").count());
    }

    @Test
    void connection_named_isAnotherDatabase_andCarriesItsNameOnErrors() {
        Orm reports = orm.connection("reports");
        reports.getDriver().exec("CREATE TABLE visits (id INTEGER PRIMARY KEY)");
        reports.table("visits").insert(Map.of());
        assertEquals(1, reports.table("visits").count());

        var failure =
                assertThrows(OrmException.class, () -> reports.table("users").count());
        assertEquals("reports", failure.connection().orElseThrow());
        assertTrue(failure.sql().orElseThrow().contains("users"));
        assertSame(reports.getDriver(), orm.getDriver("reports"));
    }

    @Test
    void connection_unknown_listsTheKnownOnes() {
        var failure = assertThrows(ConfigurationException.class, () -> orm.connection("nowhere"));
        assertTrue(failure.getMessage().contains("default, reports"), failure.getMessage());
    }

    // ---- drivers

    @Test
    void getDriver_twice_isTheSame_untilClosed() {
        DatabaseDriver first = orm.getDriver();
        assertSame(first, orm.getDriver());
        orm.closeDriver();
        orm.closeDriver();
        assertThrows(DriverClosedException.class, () -> first.exec("SELECT 1"));
        assertNotSame(first, orm.getDriver());
    }

    @Test
    void resetDriver_keepsTheOldOneUsable() {
        DatabaseDriver old = orm.getDriver();
        orm.resetDriver();
        orm.resetDriver();
        assertNotSame(old, orm.getDriver());
        old.exec("INSERT INTO users (name) VALUES ('Ada')");
        assertEquals(1, orm.table("users").count());
        old.close();
    }

    @Test
    void pinDriver_ofALowerFactory_letsItServeUntilUnpinDriver() {
        FactoryInfo lower = serving("default");
        orm.registerDriver("sqlite", new SqliteDriverFactory());
        orm.table("users").insert(Map.of("name", "Ada"));
        FactoryInfo higher = serving("default");
        assertNotEquals(lower, higher);

        orm.pinDriver(lower);
        assertEquals(1, orm.table("users").count());
        assertEquals(lower, serving("default"));
        assertEquals(higher, serving("reports"), "another connection is not pinned");

        orm.unpinDriver();
        orm.unpinDriver();
        assertEquals(1, orm.table("users").count());
        assertEquals(higher, serving("default"));
    }

    /** The factory of a connection's driver, which this opens. */
    private FactoryInfo serving(String connection) {
        orm.getDriver(connection);
        return orm.drivers().stream()
                .filter(status -> status.connection().equals(connection))
                .findFirst()
                .orElseThrow()
                .factory()
                .orElseThrow();
    }

    @Test
    void pinDriver_ofAFactoryThatIsNotThere_isAnErrorAndChangesNothing() {
        FactoryInfo before = serving("default");
        var unknown = new FactoryInfo("elsewhere", "1", "bundle 99", 0);

        var failure = assertThrows(ConfigurationException.class, () -> orm.pinDriver(unknown));

        assertTrue(failure.getMessage().contains("elsewhere"), failure.getMessage());
        assertEquals(before, serving("default"));
    }

    @Test
    void configure_anotherPath_makesHandlesStale_andBuildersFollow() {
        DatabaseDriver stale = orm.getDriver();
        var users = orm.table("users");
        orm.configure(OrmConfig.of(sqlite("other.db")));
        orm.getDriver().exec("CREATE TABLE users (id INTEGER PRIMARY KEY)");
        users.insert(Map.of());
        assertEquals(1, users.count());
        assertThrows(DriverClosedException.class, () -> stale.query("SELECT 1").all());
        assertThrows(ConfigurationException.class, () -> orm.connection("reports"), "it is not configured any more");
    }

    @Test
    void configure_anotherBusyTimeout_letsHandlesFollow() {
        DatabaseDriver following = orm.getDriver();
        orm.configure(OrmConfig.of(DatabaseConfig.of(
                "sqlite", Map.of("path", folder.resolve("app.db").toString(), "busyTimeout", "1234"))));
        orm.getDriver(); // waits for the driver that is opened beside the old one
        assertEquals(
                1234, following.query("PRAGMA busy_timeout").get().orElseThrow().getInt(0));
    }

    @Test
    void createDriver_isNotCached_andTheCallersToClose() {
        DatabaseDriver own = orm.createDriver(sqlite("app.db"));
        assertNotSame(own, orm.getDriver());
        own.exec("INSERT INTO users (name) VALUES ('Ada')");
        own.close();
        assertThrows(DriverClosedException.class, () -> own.exec("SELECT 1"));
        assertEquals(1, orm.table("users").count());
    }

    @Test
    void registerDriver_ofTheBuiltInType_takesPrecedenceUntilItCloses() {
        DatabaseDriver before = orm.getDriver();
        try (Orm others = Orm.create(OrmConfig.of(sqlite("custom.db")))) {
            var registration = orm.registerDriver(
                    "sqlite", config -> new UpperCaseDriver(others.createDriver(sqlite("custom.db"))));
            assertNotSame(before, orm.getDriver());
            assertEquals(
                    "X",
                    orm.getDriver().query("SELECT 'x' AS l").get().orElseThrow().getString(0));
            registration.close();
        }
        assertEquals(
                "x",
                orm.getDriver().query("SELECT 'x' AS l").get().orElseThrow().getString(0));
        assertEquals(0, orm.table("users").count(), "back on the first database");
    }

    /** A custom driver: hands all on to another one. */
    private record UpperCaseDriver(DatabaseDriver inner) implements DatabaseDriver {
        @Override
        public QueryResult query(String sql, Object... params) {
            return inner.query(sql.toUpperCase(Locale.ROOT), params);
        }

        @Override
        public long exec(String sql, Object... params) {
            return inner.exec(sql.toUpperCase(Locale.ROOT), params);
        }

        @Override
        public <T> T transaction(TransactionCallback<T> work) {
            return inner.transaction(work);
        }

        @Override
        public void close() {
            inner.close();
        }
    }

    // ---- bad input: one clear error of the right type, and the Orm stays usable

    private ConfigurationException wrong(DatabaseConfig config) {
        try (Orm broken = Orm.create(OrmConfig.of(config)
                .withTimeouts(Duration.ofSeconds(20), Duration.ofSeconds(1), Duration.ofSeconds(20)))) {
            broken.registerDriver("other", other -> broken.getDriver());
            var failure = assertThrows(
                    ConfigurationException.class, () -> broken.table("users").find(1));
            assertEquals("default", failure.connection().orElseThrow());
            broken.configure(OrmConfig.of(sqlite("app.db")));
            assertEquals(0, broken.table("users").count(), "usable again");
            return failure;
        }
    }

    @Test
    void path_missingOrBlank_namesTheProperty() {
        assertTrue(wrong(DatabaseConfig.of("sqlite", Map.of())).getMessage().contains("'path'"));
        assertTrue(wrong(DatabaseConfig.of("sqlite", Map.of("path", " ")))
                .getMessage()
                .contains("'path'"));
    }

    @Test
    void path_inAFolderThatDoesNotExist_isAnErrorAndCreatesNothing() {
        String message = wrong(sqlite("nowhere/app.db")).getMessage();
        assertTrue(message.contains("nowhere"), message);
        assertFalse(Files.exists(folder.resolve("nowhere")));
    }

    @Test
    void path_isAFolder_isAnError() {
        String message = wrong(DatabaseConfig.of("sqlite", Map.of("path", folder.toString())))
                .getMessage();
        assertTrue(message.contains(folder.toString()), message);
    }

    @Test
    void path_isNoDatabase_isAnErrorAndChangesNothing() throws IOException {
        Path text = Files.writeString(
                folder.resolve("text.txt"), "this is not a database, and long enough to be one".repeat(50));
        byte[] before = Files.readAllBytes(text);
        String message = wrong(sqlite("text.txt")).getMessage();
        assertTrue(message.contains("text.txt"), message);
        assertEquals(before.length, Files.readAllBytes(text).length);
    }

    @Test
    void database_openedReadOnly_refusesToWrite() {
        try (Orm readOnly = Orm.create(OrmConfig.of(DatabaseConfig.of(
                "sqlite", Map.of("path", folder.resolve("app.db").toString(), "readOnly", "true"))))) {
            assertEquals(0, readOnly.table("users").count());
            assertThrows(OrmException.class, () -> readOnly.table("users").insert(Map.of("name", "x")));
        }
        assertEquals(0, orm.table("users").count());
    }

    @Test
    void type_unknown_listsTheKnownOnesAndTheRemedy() {
        try (Orm unknown = Orm.create(OrmConfig.of(DatabaseConfig.of("oracle", Map.of())))) {
            var failure = assertThrows(NoDriverException.class, unknown::getDriver);
            assertTrue(failure.knownTypes().contains("sqlite"));
            assertTrue(failure.getMessage().contains("registerDriver(\"oracle\", factory)"), failure.getMessage());
        }
    }

    @Test
    void factory_nullOrThrowingOrGivingNull_isAnErrorOfItsOwn() {
        assertThrows(ConfigurationException.class, () -> orm.registerDriver("x", null));
        assertThrows(ConfigurationException.class, () -> orm.registerDriver(" ", config -> orm.getDriver()));
        try (Orm broken = Orm.create(OrmConfig.of(DatabaseConfig.of("x", Map.of())))) {
            var throwing = broken.registerDriver("x", config -> {
                throw new IllegalArgumentException("on purpose");
            });
            var thrown = assertThrows(DriverUnavailableException.class, broken::getDriver);
            assertEquals("on purpose", thrown.getCause().getMessage());
            throwing.close();

            broken.registerDriver("x", config -> null);
            var none = assertThrows(DriverUnavailableException.class, broken::getDriver);
            assertTrue(none.getMessage().contains("returned null"), none.getMessage());
        }
    }

    @Test
    void raw_wrongNumberOfParameters_isAnError() {
        assertThrows(OrmException.class, () -> orm.getDriver().exec("INSERT INTO users (name) VALUES (?)"));
        assertThrows(OrmException.class, () -> orm.getDriver().exec("INSERT INTO users (name) VALUES (?)", "a", "b"));
        assertEquals(0, orm.table("users").count());
    }

    @Test
    void row_readAsTheWrongType_namesTheColumnButNotTheValue() {
        orm.table("users").insert(Map.of("name", "secret name"));
        Row row = orm.table("users").find(1).orElseThrow();
        var failure = assertThrows(ColumnTypeException.class, () -> row.getLong("name"));
        assertTrue(failure.getMessage().contains("'name'"));
        assertFalse(failure.getMessage().contains("secret name"));
    }

    @Test
    void use_afterClose_throws() {
        DatabaseDriver driver = orm.getDriver();
        orm.close();
        orm.close();
        assertThrows(DriverClosedException.class, () -> orm.table("users").count());
        assertThrows(DriverClosedException.class, orm::getDriver);
        assertThrows(DriverClosedException.class, () -> driver.exec("SELECT 1"));
        assertThrows(DriverClosedException.class, () -> orm.transaction(tx -> 1));
    }

    @Test
    void orm_afterClose_takesAndOpensNothing() {
        orm.close();
        assertThrows(DriverClosedException.class, () -> orm.configure(OrmConfig.of(sqlite("late.db"))));
        assertThrows(DriverClosedException.class, () -> orm.registerDriver("late", config -> null));
        assertThrows(DriverClosedException.class, () -> orm.createDriver(sqlite("late.db")));
        assertFalse(Files.exists(folder.resolve("late.db")));
    }

    @Test
    void configure_null_changesNothing() {
        assertThrows(ConfigurationException.class, () -> orm.configure(null));
        assertEquals(0, orm.table("users").count());
    }

    @Test
    void factory_thatFailsToDescribeItself_leavesTheOrmUsable() {
        DriverFactory silent = new DriverFactory() {
            @Override
            public DatabaseDriver create(DatabaseConfig config) {
                throw new IllegalStateException("no driver");
            }

            @Override
            public SwapStrategy swapStrategy(DatabaseConfig config) {
                throw new IllegalStateException("no strategy");
            }

            @Override
            public Set<String> tuningProperties() {
                throw new IllegalStateException("no properties");
            }
        };
        assertEquals(0, orm.table("users").count());
        Registration registered = orm.registerDriver("sqlite", silent);
        assertEquals(0, orm.table("users").count(), "the next candidate serves");
        orm.configure(orm.config().with("reports", sqlite("other.db")));
        assertEquals(0, orm.table("users").count());
        registered.close();
        assertEquals(0, orm.table("users").count());
    }
}
