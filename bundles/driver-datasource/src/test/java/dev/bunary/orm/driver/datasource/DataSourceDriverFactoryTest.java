package dev.bunary.orm.driver.datasource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.ConnectionLostException;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.SwapStrategy;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataSourceDriverFactoryTest {
    private static final String MEMORY = "jdbc:h2:mem:";

    private final DataSourceDriverFactory factory = DataSourceDriverFactory.of(H2Contract.dataSource(MEMORY));

    private static DatabaseConfig config(String... properties) {
        var named = new TreeMap<String, String>();
        for (int i = 0; i < properties.length; i += 2) {
            named.put(properties[i], properties[i + 1]);
        }
        return DatabaseConfig.of("datasource", named);
    }

    private void assertRefused(String part, String... properties) {
        var error = assertThrows(ConfigurationException.class, () -> factory.create(config(properties)));
        assertTrue(error.getMessage().contains(part), error::getMessage);
    }

    @Test
    void of_null_isRefused() {
        assertThrows(ConfigurationException.class, () -> DataSourceDriverFactory.of((DataSource) null));
    }

    @Test
    void create_wrongProperty_isRefusedAndToldWhatIsRight() {
        assertRefused("no property 'usr'; the known ones are: datasource.filter, dialect", "usr", "x");
        assertRefused("one of auto, h2, postgresql, mariadb, mysql, standard", "dialect", "oracle");
        assertRefused("one of exclusive, overlap", "swap", "always");
        assertRefused("one of hikari, none", "pool", "c3p0");
        assertRefused("a whole number from 1 to 1000", "pool.size", "0");
        assertRefused("a whole number from 1 to 1000", "pool.size", "many");
        assertRefused("a whole number from 250 to", "pool.timeout", "10");
        assertRefused("a whole number from 0 to 4", "pool.size", "4", "pool.minIdle", "5");
    }

    @Test
    void create_userAndPassword_areGivenToTheDataSource() {
        var bare = new JdbcDataSource();
        bare.setURL("jdbc:h2:mem:credentials");
        var anybody = DataSourceDriverFactory.of(bare);
        try (DatabaseDriver driver = anybody.create(config("user", "first", "password", "one"))) {
            assertEquals(
                    "FIRST",
                    driver.query("SELECT CURRENT_USER").get().orElseThrow().getString(0));
            var refused = assertThrows(
                    ConfigurationException.class,
                    () -> anybody.create(config("user", "first", "password", "wrong5150")));
            assertTrue(refused.getMessage().contains("refuses user or password"), refused::getMessage);
            assertShowsNot("wrong5150", refused);
        }
    }

    @Test
    void create_nobodyListens_isAnErrorWithoutTheUrl() {
        String url = "jdbc:h2:tcp://127.0.0.1:1/nowhere;PASSWORD=hidden5150";
        var nowhere = DataSourceDriverFactory.of(configured -> H2Contract.dataSource(url));
        for (String pool : List.of("hikari", "none")) {
            var lost = assertThrows(
                    ConnectionLostException.class,
                    () -> nowhere.create(config("url", url, "pool", pool, "pool.timeout", "250")));
            assertShowsNot("hidden5150", lost);
        }
    }

    private static void assertShowsNot(String secret, Exception error) {
        var printed = new StringWriter();
        error.printStackTrace(new PrintWriter(printed, true));
        assertFalse(printed.toString().contains(secret), printed::toString);
    }

    @Test
    void create_pooled_hasItsIdleConnectionsBeforeItServes() {
        var shared = DataSourceDriverFactory.of(H2Contract.dataSource("jdbc:h2:mem:filled"));
        try (DatabaseDriver driver = shared.create(config("pool.minIdle", "4"))) {
            assertEquals(
                    4,
                    driver.query("SELECT COUNT(*) FROM INFORMATION_SCHEMA.SESSIONS")
                            .get()
                            .orElseThrow()
                            .getInt(0));
        }
    }

    @Test
    void create_databaseGivesFewerConnections_servesWithThose() {
        var given = new AtomicInteger();
        DataSource h2 = H2Contract.dataSource("jdbc:h2:mem:fewer");
        var one = (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getConnection") && given.incrementAndGet() > 1) {
                        throw new SQLException("no more");
                    }
                    return method.invoke(h2, arguments);
                });
        try (DatabaseDriver driver =
                DataSourceDriverFactory.of(one).create(config("pool.minIdle", "2", "pool.timeout", "250"))) {
            assertEquals(1, driver.query("SELECT 1").get().orElseThrow().getInt(0));
        }
        assertTrue(given.get() > 1, "nobody asked for a second one");
    }

    @Test
    void close_endsAllThreadsOfThePool() throws InterruptedException {
        Set<Thread> before = poolThreads();
        factory.create(config("pool.minIdle", "3")).close();
        Set<Thread> left = poolThreads();
        left.removeAll(before);
        for (Thread thread : left) {
            thread.join(2_000);
            assertFalse(thread.isAlive(), thread::getName);
        }
    }

    private static Set<Thread> poolThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("bunary-datasource"))
                .collect(Collectors.toSet());
    }

    @Test
    void swapStrategy_onlyKnownServers_overlap() {
        for (String server : List.of(
                "jdbc:postgresql://db/app?user=x",
                "jdbc:mariadb://db/app",
                "jdbc:mysql://db/app",
                "jdbc:sqlserver://db;databaseName=app",
                "jdbc:oracle:thin:@db:1521/app",
                "jdbc:h2:tcp://db/app",
                "JDBC:H2:SSL://db/app")) {
            assertEquals(SwapStrategy.OVERLAP, factory.swapStrategy(config("url", server)), server);
            assertEquals(SwapStrategy.EXCLUSIVE, factory.swapStrategy(config("url", server, "swap", "exclusive")));
        }
        for (String embedded : List.of(
                "jdbc:h2:file:/tmp/app",
                "jdbc:h2:/tmp/app;AUTO_SERVER=TRUE",
                "jdbc:h2:mem:app",
                "jdbc:hsqldb:hsql://db/app",
                "jdbc:derby:app",
                "jdbc:sqlite:app.db",
                "jdbc:oracle:oci:@app")) {
            assertEquals(SwapStrategy.EXCLUSIVE, factory.swapStrategy(config("url", embedded)), embedded);
            assertEquals(SwapStrategy.OVERLAP, factory.swapStrategy(config("url", embedded, "swap", "overlap")));
        }
        assertEquals(SwapStrategy.EXCLUSIVE, factory.swapStrategy(config()));
    }

    @Test
    void engine_sameFile_isTheSameHoweverItIsWritten(@TempDir Path folder) throws IOException {
        Path real = folder.toRealPath();
        Files.createDirectory(real.resolve("data"));
        Path link = Files.createSymbolicLink(real.resolve("link"), real.resolve("data"));
        String engine = factory.engine(
                config("url", "jdbc:h2:" + real.resolve("data/app") + ";CIPHER=AES;PASSWORD=hidden5150", "user", "a"));
        assertEquals("h2:" + real.resolve("data/app"), engine);
        for (String same : List.of(
                "jdbc:h2:file:" + real.resolve("data/app"),
                "JDBC:H2:FILE:" + real.resolve("data/app;LOCK_TIMEOUT=9"),
                "jdbc:h2:" + real.resolve("data/../data/./app"),
                "jdbc:h2:" + link.resolve("app"),
                "jdbc:h2:" + link.resolve("missing/../app"))) {
            assertEquals(engine, factory.engine(config("url", same, "pool.size", "3")), same);
        }
        assertEquals(factory.engine(config("url", "jdbc:h2:./app")), factory.engine(config("url", "jdbc:h2:file:app")));
        assertEquals(
                factory.engine(config("url", "jdbc:h2:~/app")),
                factory.engine(config("url", "jdbc:h2:" + System.getProperty("user.home") + "/app")));
        assertNotEquals(engine, factory.engine(config("url", "jdbc:h2:" + real.resolve("data/other"))));
        assertNotEquals(engine, factory.engine(config("url", "jdbc:derby:" + real.resolve("data/app"))));
    }

    @Test
    void engine_noFile_isTheUrlWithoutSecrets() {
        assertEquals("jdbc:h2:tcp://db/app", factory.engine(config("url", "jdbc:h2:tcp://db/app;PASSWORD=hidden5150")));
        assertEquals("jdbc:h2:mem:app", factory.engine(config("url", "jdbc:h2:mem:app")));
        assertEquals("jdbc:mysql://db/app", factory.engine(config("url", "jdbc:mysql://ann:hidden5150@db/app?x=y")));
        assertEquals(
                "jdbc:oracle:thin:db:1521/app",
                factory.engine(config("url", "jdbc:oracle:thin:ann/hidden5150@db:1521/app")));
    }

    @Test
    void engine_withoutUrl_isToldApartByWhatElseSaysWhichDatabase() {
        assertNotEquals(
                factory.engine(config("datasource.filter", "(name=a)")),
                factory.engine(config("datasource.filter", "(name=b)")));
        String vendor = factory.engine(config("jdbc.databaseName", "a", "jdbc.password", "hidden5150"));
        assertNotEquals(vendor, factory.engine(config("jdbc.databaseName", "b", "jdbc.password", "hidden5150")));
        assertFalse(vendor.contains("hidden5150"), vendor);
        // of a DataSource that is handed in nothing is known, so two may be two databases
        var other = DataSourceDriverFactory.of(H2Contract.dataSource(MEMORY));
        assertNotEquals(other.engine(config()), factory.engine(config()));
        assertEquals(factory.engine(config("pool.size", "3")), factory.engine(config("user", "a")));
    }

    @Test
    void engineCopy_ofADataSource_isTheLoaderOfItsClass() {
        var elsewhere = new ClassLoader(getClass().getClassLoader()) {};
        var foreign = (DataSource) Proxy.newProxyInstance(
                elsewhere, new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> null);
        assertSame(elsewhere, DataSourceDriverFactory.of(foreign).engineCopy(config()));
        assertSame(JdbcDataSource.class.getClassLoader(), factory.engineCopy(config()));
    }

    @Test
    void holdsData_memory_yes() {
        assertTrue(factory.holdsData(config("url", "jdbc:h2:mem:app;DB_CLOSE_DELAY=-1")));
        assertTrue(factory.holdsData(config("url", "jdbc:duckdb:")));
        assertTrue(factory.holdsData(config("url", "jdbc:sqlite::memory:")));
        assertFalse(factory.holdsData(config("url", "jdbc:duckdb:/data/app")));
        assertFalse(factory.holdsData(config("url", "jdbc:h2:tcp://db/mem:app")));
        assertFalse(factory.holdsData(config()));
    }

    @Test
    void tuning_saysNotWhichDatabase() {
        Set<String> tuning = factory.tuningProperties();
        assertTrue(tuning.containsAll(Set.of("user", "password", "pool.size", "swap", "dialect")));
        assertFalse(tuning.contains("url"));
        assertFalse(tuning.contains("datasource.filter"));
        assertEquals(Set.of("datasource"), factory.types());
    }

    @Test
    void settings_shown_hideTheUrl() {
        String shown = DataSourceSettings.of(config("url", "jdbc:x:y?password=hidden5150", "password", "hidden5150"))
                .toString();
        assertFalse(shown.contains("hidden5150"), shown);
    }

    @Test
    void dialect_namedOrDetected_isTheProducts() {
        assertEquals(Product.H2, Product.of("H2"));
        assertEquals(Product.POSTGRESQL, Product.of("PostgreSQL"));
        assertEquals(Product.MARIADB, Product.of("MariaDB"));
        assertEquals(Product.MYSQL, Product.of("MySQL"));
        assertEquals(Product.STANDARD, Product.of("Oracle"));
        try (DatabaseDriver detected = factory.create(config());
                DatabaseDriver named = factory.create(config("dialect", "PostgreSQL"))) {
            assertEquals(Product.H2.dialect(), detected.dialect());
            assertEquals(Product.POSTGRESQL.dialect(), named.dialect());
        }
    }

    @Test
    void insert_whereThereIsNoReturning_givesTheKeys() {
        try (DatabaseDriver driver = factory.create(config("dialect", "standard"))) {
            // of the pool's connections each has a database of its own
            driver.transaction(tx -> {
                tx.exec(
                        "CREATE LOCAL TEMPORARY TABLE \"t\" (\"id\" BIGINT GENERATED BY DEFAULT AS IDENTITY (START WITH 7),"
                                + " \"v\" VARCHAR(9))");
                var row = tx.insert("INSERT INTO \"t\" (\"v\") VALUES (?)", List.of("id"), "a")
                        .get()
                        .orElseThrow();
                assertEquals(List.of("id"), row.columns().labels());
                assertEquals(7, row.getLong("id"));
                assertEquals(
                        8,
                        tx.insert("INSERT INTO \"t\" (\"v\") VALUES (?)", List.of("id"), "b")
                                .get()
                                .orElseThrow()
                                .getLong(0));
                return true;
            });
        }
    }

    @Test
    void dialects_whereTheyDiffer_writeTheirOwn() {
        var mariadb = Product.MARIADB.dialect();
        assertEquals("`a``b`", mariadb.quote("a`b"));
        assertEquals("LIMIT 18446744073709551615 OFFSET :offset", mariadb.limitOffset(false, true));
        assertEquals("INSERT INTO `t` () VALUES ()", mariadb.insertDefaults("`t`"));
        assertEquals("INSERT INTO t RETURNING `id`", mariadb.returning("INSERT INTO t", List.of("id")));
        assertTrue(Product.MARIADB.hasReturning());
        assertFalse(Product.MYSQL.hasReturning());
        assertEquals(
                "SELECT \"id\", \"v\" FROM FINAL TABLE (INSERT INTO t)",
                Product.H2.dialect().returning("INSERT INTO t", List.of("id", "v")));
        assertEquals(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name ="
                        + " CONVERT(X'275c' USING utf8mb4) ORDER BY ordinal_position",
                mariadb.columnsQuery("'\\").orElseThrow());
        assertEquals(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = E'a\\\\' AND table_name ="
                        + " E'b''' ORDER BY ordinal_position",
                Product.POSTGRESQL.dialect().columnsQuery("a\\.b'").orElseThrow());
    }
}
