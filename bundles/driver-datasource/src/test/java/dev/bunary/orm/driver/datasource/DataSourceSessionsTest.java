package dev.bunary.orm.driver.datasource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.LockTimeoutException;
import dev.bunary.orm.driver.TransactionOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who waits for a connection, who gives it back how, and what is left at the end. */
@Timeout(30)
final class DataSourceSessionsTest {
    private static final String URL = "jdbc:h2:mem:sessions";

    private Connection keeper;

    @BeforeEach
    void keepTheDatabase() throws SQLException {
        keeper = H2Contract.dataSource(URL).getConnection();
        keeper.createStatement().execute("CREATE TABLE t (id INTEGER)");
    }

    @AfterEach
    void dropTheDatabase() throws SQLException {
        keeper.close();
    }

    private static DatabaseDriver open(DataSource dataSource, Map<String, String> properties) {
        return DataSourceDriverFactory.of(dataSource).create(DatabaseConfig.of("datasource", properties));
    }

    private static DatabaseDriver small(String timeout) {
        return open(H2Contract.dataSource(URL), Map.of("pool.size", "1", "pool.minIdle", "0", "pool.timeout", timeout));
    }

    @Test
    void acquire_allInUse_failsAfterTheTimeoutAndNamesTheRemedy() {
        try (DatabaseDriver driver = small("250")) {
            driver.transaction(tx -> {
                var refused = assertThrows(LockTimeoutException.class, () -> driver.exec("INSERT INTO t VALUES (1)"));
                assertTrue(refused.getMessage().contains("set pool.size higher"), refused::getMessage);
                return tx.exec("INSERT INTO t VALUES (2)");
            });
            assertEquals(1, driver.exec("DELETE FROM t"));
        }
    }

    @Test
    void close_whileAnotherWaitsForAConnection_wakesIt() throws Exception {
        DatabaseDriver driver = small("20000");
        var holds = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var holder = async(() -> driver.transaction(tx -> {
            holds.countDown();
            return await(goOn);
        }));
        assertTrue(await(holds));
        var waiting = new Thread[1];
        var started = new CountDownLatch(1);
        var waiter = async(() -> {
            waiting[0] = Thread.currentThread();
            started.countDown();
            return driver.exec("INSERT INTO t VALUES (1)");
        });
        assertTrue(await(started));
        while (waiting[0].getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        driver.close();
        assertInstanceOf(
                DriverClosedException.class,
                assertThrows(ExecutionException.class, () -> waiter.get(5, TimeUnit.SECONDS))
                        .getCause());
        goOn.countDown();
        assertThrows(ExecutionException.class, () -> holder.get(5, TimeUnit.SECONDS));
    }

    /** On a thread of its own: the common pool may have one thread only, and one task here waits for another. */
    private static <T> CompletableFuture<T> async(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, task -> {
            var thread = new Thread(task, "sessions test");
            thread.setDaemon(true);
            thread.start();
        });
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException(interrupt);
        }
    }

    @Test
    void close_always_endsThreadsAndSessions() throws Exception {
        for (int i = 0; i < 3; i++) {
            DatabaseDriver driver = open(H2Contract.dataSource(URL), Map.of());
            driver.exec("INSERT INTO t VALUES (1)");
            driver.close();
            driver.close();
            assertThrows(DriverClosedException.class, () -> driver.exec("INSERT INTO t VALUES (2)"));
        }
        List<String> left = Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.contains("Hikari") || name.startsWith("bunary-datasource"))
                .toList();
        assertEquals(List.of(), left);
        assertEquals(1, sessions());
    }

    private long sessions() throws SQLException {
        try (var result = keeper.createStatement().executeQuery("SELECT COUNT(*) FROM INFORMATION_SCHEMA.SESSIONS")) {
            assertTrue(result.next());
            return result.getLong(1);
        }
    }

    @Test
    void release_intoAPoolOfTheUsers_leavesNoTransactionBehind() throws Exception {
        JdbcConnectionPool pool = JdbcConnectionPool.create(H2Contract.dataSource(URL));
        pool.setMaxConnections(1);
        try (DatabaseDriver driver = open(pool, Map.of("pool", "none"))) {
            driver.transaction(
                    TransactionOptions.READ_ONLY, tx -> tx.query("SELECT 1").all());
            assertThrows(
                    IllegalStateException.class,
                    () -> driver.transaction(tx -> {
                        tx.exec("INSERT INTO t VALUES (1)");
                        throw new IllegalStateException("undo");
                    }));
            try (Connection next = pool.getConnection()) {
                assertTrue(next.getAutoCommit());
                assertFalse(next.isReadOnly());
            }
            assertEquals(0, driver.exec("DELETE FROM t"));
        }
        try (Connection stillOpen = pool.getConnection()) {
            assertTrue(stillOpen.isValid(1));
        }
        pool.dispose();
    }
}
