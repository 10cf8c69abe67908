package dev.bunary.orm.driver.sqlite;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.BadSqlException;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.LockTimeoutException;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.driver.SqlException;
import dev.bunary.orm.driver.TransactionOptions;
import dev.bunary.orm.driver.TransactionStateException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class SqliteConcurrencyTest {
    private static final String ENDLESS =
            "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 100000000000) SELECT count(*) FROM c";
    private static final String ENDLESS_READ = "SELECT count(*) FROM (" + ENDLESS + ")";

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @TempDir
    Path folder;

    private Path file;
    private DatabaseDriver driver;

    @BeforeEach
    void open() {
        file = folder.resolve("t.db");
        driver = TestDrivers.open(file, "busyTimeout", "300");
        driver.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)");
        driver.exec("INSERT INTO t (v) VALUES ('a'), ('b'), ('c')");
    }

    @AfterEach
    void close() throws InterruptedException {
        driver.close();
        threads.shutdownNow();
        assertTrue(threads.awaitTermination(20, SECONDS));
    }

    private long count(DatabaseDriver from) {
        return from.query("SELECT count(*) FROM t").get().orElseThrow().getLong(0);
    }

    private static Throwable failure(Future<?> future) {
        try {
            future.get(20, SECONDS);
            return Assertions.fail("the work should have failed");
        } catch (ExecutionException failed) {
            return failed.getCause();
        } catch (InterruptedException | TimeoutException late) {
            return Assertions.fail("the work did not end", late);
        }
    }

    /** Starts work that holds the writer in a transaction until it is let go. */
    private Future<Long> holdWriter(CountDownLatch holding, CountDownLatch letGo) throws InterruptedException {
        Future<Long> held = threads.submit(() -> driver.transaction(tx -> {
            long changed = tx.exec("INSERT INTO t (v) VALUES ('held')");
            holding.countDown();
            await(letGo);
            return changed;
        }));
        assertTrue(holding.await(10, SECONDS));
        return held;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(20, SECONDS));
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    @Test
    void read_besideAWriter_seesWhatIsCommitted() throws Exception {
        var letGo = new CountDownLatch(1);
        Future<Long> held = holdWriter(new CountDownLatch(1), letGo);
        assertEquals(3, count(driver));
        letGo.countDown();
        assertEquals(1, held.get(10, SECONDS));
        assertEquals(4, count(driver));
    }

    @Test
    void write_whileAnotherHoldsTheWriter_timesOutTyped() throws Exception {
        var letGo = new CountDownLatch(1);
        Future<Long> held = holdWriter(new CountDownLatch(1), letGo);
        var timeout = assertThrows(LockTimeoutException.class, () -> driver.exec("DELETE FROM t"));
        assertTrue(timeout.isRetryable());
        letGo.countDown();
        held.get(10, SECONDS);
        assertEquals(4, driver.exec("DELETE FROM t"));
    }

    @Test
    void write_fileLockedByAnotherDriver_timesOutTyped() throws Exception {
        try (DatabaseDriver other = TestDrivers.open(file, "busyTimeout", "50")) {
            driver.transaction(tx -> {
                tx.exec("DELETE FROM t");
                assertThrows(LockTimeoutException.class, () -> other.exec("DELETE FROM t"));
                return null;
            });
            assertEquals(0, other.exec("DELETE FROM t"));
        }
    }

    @Test
    void writers_many_allGetTheirTurn() throws Exception {
        try (DatabaseDriver patient = TestDrivers.open(file)) {
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < 6; t++) {
                all.add(threads.submit(() -> {
                    for (int i = 0; i < 50; i++) {
                        patient.transaction(tx -> {
                            long now = tx.query("SELECT count(*) FROM t")
                                    .get()
                                    .orElseThrow()
                                    .getLong(0);
                            tx.exec("INSERT INTO t (id, v) VALUES (?, ?)", now + 1, "x");
                            return null;
                        });
                        patient.exec("UPDATE t SET v = 'y' WHERE id = ?", i);
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get(30, SECONDS);
            }
            assertEquals(303, count(patient));
        }
    }

    @Test
    void outerDriver_insideItsOwnTransaction_isRefusedAtOnce() {
        driver.transaction(tx -> {
            assertThrows(TransactionStateException.class, () -> driver.exec("DELETE FROM t"));
            assertThrows(TransactionStateException.class, () -> driver.transaction(inner -> 1));
            assertEquals(3, count(driver));
            tx.exec("INSERT INTO t (v) VALUES ('d')");
            return null;
        });
        assertEquals(4, count(driver));
    }

    @Test
    void transactionHandle_afterItsEndOrOnAnotherThread_isRefused() throws Exception {
        DatabaseDriver[] leaked = new DatabaseDriver[2];
        driver.transaction(tx -> {
            leaked[0] = tx;
            assertTrue(failure(threads.submit(() -> tx.exec("DELETE FROM t"))) instanceof TransactionStateException);
            tx.transaction(nested -> {
                leaked[1] = nested;
                return null;
            });
            assertThrows(TransactionStateException.class, () -> leaked[1].exec("DELETE FROM t"));
            return null;
        });
        assertThrows(TransactionStateException.class, () -> leaked[0].exec("DELETE FROM t"));
        assertThrows(
                TransactionStateException.class,
                () -> leaked[0].query("SELECT 1").all());
        assertThrows(TransactionStateException.class, () -> leaked[0].transaction(tx -> 1));
        assertEquals(3, count(driver));
    }

    @Test
    void transaction_nestedFails_undoesOnlyTheNested() {
        driver.transaction(tx -> {
            tx.exec("INSERT INTO t (v) VALUES ('outer')");
            assertThrows(
                    IllegalStateException.class,
                    () -> tx.transaction(nested -> {
                        nested.exec("INSERT INTO t (v) VALUES ('nested')");
                        throw new IllegalStateException("undo");
                    }));
            return tx.transaction(nested -> nested.exec("INSERT INTO t (v) VALUES ('kept')"));
        });
        assertEquals(5, count(driver));
        assertEquals(0, driver.query("SELECT 1 FROM t WHERE v = 'nested'").all().size());
    }

    @Test
    void transaction_streamLeftOpen_endsWithIt() {
        Stream<Long> leaked = driver.transaction(tx -> {
            Stream<Long> ids = tx.query("SELECT id FROM t").stream(columns -> row -> row.getLong(0));
            var iterator = ids.iterator();
            assertEquals(1, iterator.next());
            return tx.query("SELECT id FROM t").stream(columns -> row -> row.getLong(0));
        });
        assertThrows(TransactionStateException.class, leaked::count);
        assertEquals(1, driver.exec("DELETE FROM t WHERE id = 1"));
    }

    @Test
    void readOnlyTransaction_writing_isRefusedAndSeesOneState() {
        driver.transaction(TransactionOptions.READ_ONLY, tx -> {
            assertEquals(3, count(tx));
            driver.exec("DELETE FROM t WHERE id = 1");
            assertEquals(3, count(tx));
            assertThrows(SqlException.class, () -> tx.exec("DELETE FROM t"));
            return null;
        });
        assertEquals(2, count(driver));
    }

    @Test
    void streams_manyWithQueriesWithin_neverBlockEachOther() throws Exception {
        try (DatabaseDriver small = TestDrivers.open(file, "readers", "1")) {
            var barrier = new CyclicBarrier(6);
            Callable<Integer> work = () -> {
                try (Stream<Long> ids = small.query("SELECT id FROM t").stream(columns -> row -> row.getLong(0))) {
                    var iterator = ids.iterator();
                    iterator.next();
                    barrier.await(20, SECONDS);
                    int seen = 1;
                    while (iterator.hasNext()) {
                        iterator.next();
                        seen += small.query("SELECT id FROM t").all().size() / 3;
                        small.exec("UPDATE t SET v = 'w' WHERE id = 2");
                    }
                    return seen;
                }
            };
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                all.add(threads.submit(work));
            }
            for (Future<Integer> one : all) {
                assertEquals(3, one.get(30, SECONDS));
            }
        }
    }

    @Test
    void stream_closedOnAnotherThread_givesItsReaderBack() throws Exception {
        Stream<Long> ids = driver.query("SELECT id FROM t").stream(columns -> row -> row.getLong(0));
        ids.iterator().next();
        threads.submit(ids::close).get(10, SECONDS);
        assertEquals(3, count(driver));
    }

    @Test
    void memory_manyThreads_shareOneDatabase() throws Exception {
        try (DatabaseDriver memory = TestDrivers.memory()) {
            memory.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)");
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                all.add(threads.submit(() -> {
                    for (int i = 0; i < 100; i++) {
                        memory.transaction(tx -> tx.exec("INSERT INTO t (v) VALUES ('a')"));
                        try (Stream<Long> ids =
                                memory.query("SELECT id FROM t LIMIT 3").stream(columns -> row -> row.getLong(0))) {
                            ids.forEach(id -> memory.exec("UPDATE t SET v = 'b' WHERE id = ?", id));
                        }
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get(30, SECONDS);
            }
            assertEquals(400, count(memory));
            assertEquals(
                    400,
                    memory.query("SELECT id FROM t")
                            .all(columns -> row -> count(memory))
                            .size());
            memory.transaction(tx -> {
                assertThrows(TransactionStateException.class, () -> count(memory));
                return null;
            });
            assertThrows(
                    SqlException.class,
                    () -> memory.transaction(TransactionOptions.READ_ONLY, tx -> tx.exec("DELETE FROM t")));
            assertEquals(400, memory.exec("DELETE FROM t"));
        }
    }

    @Test
    void close_whileWorkRuns_endsItInBoundedTimeAndKeepsWhatIsCommitted() throws Exception {
        DatabaseDriver patient = TestDrivers.open(file, "busyTimeout", "60000");
        var started = new CountDownLatch(4);
        var idle = new CountDownLatch(1);
        Future<?> endlessRead = threads.submit(() -> {
            started.countDown();
            return patient.query(ENDLESS_READ).all();
        });
        var writing = new CountDownLatch(1); // or the one that is to wait for the writer could come first, and be done
        Future<?> idleTransaction = threads.submit(() -> patient.transaction(tx -> {
            tx.exec("INSERT INTO t (v) VALUES ('lost')");
            writing.countDown();
            started.countDown();
            await(idle);
            try {
                tx.exec("INSERT INTO t (v) VALUES ('lost too')");
            } catch (OrmException hidden) {
                return "the error was hidden";
            }
            return "nothing was ended";
        }));
        Stream<Long> stream = patient.query("SELECT id FROM t").stream(columns -> row -> row.getLong(0));
        var iterator = stream.iterator();
        iterator.next();
        started.countDown();
        await(writing);
        Thread[] waiter = new Thread[1];
        Future<?> waitingWriter = threads.submit(() -> {
            waiter[0] = Thread.currentThread();
            started.countDown();
            return patient.exec("DELETE FROM t");
        });
        assertTrue(started.await(10, SECONDS));
        awaitState(waiter, Thread.State.TIMED_WAITING);

        long before = System.nanoTime();
        patient.close();
        Duration took = Duration.ofNanos(System.nanoTime() - before);
        assertTrue(took.compareTo(Duration.ofSeconds(15)) < 0, () -> "close took " + took);
        patient.close();

        assertTrue(failure(endlessRead) instanceof DriverClosedException);
        assertTrue(failure(waitingWriter) instanceof DriverClosedException);
        idle.countDown();
        assertTrue(failure(idleTransaction) instanceof DriverClosedException);
        assertThrows(DriverClosedException.class, iterator::next);
        stream.close();
        assertThrows(DriverClosedException.class, () -> patient.exec("DELETE FROM t"));
        assertThrows(
                DriverClosedException.class, () -> patient.query("SELECT 1").all());
        assertThrows(DriverClosedException.class, () -> patient.transaction(tx -> 1));

        assertEquals(3, count(driver));
        assertEquals(
                "ok", driver.query("PRAGMA integrity_check").get().orElseThrow().getString(0));
        driver.close();
        assertTrue(Files.deleteIfExists(file));
        assertFalse(Files.exists(folder.resolve("t.db-wal")), "the last close checkpoints and removes the log");
    }

    private static void awaitState(Thread[] thread, Thread.State state) {
        long deadline = System.nanoTime() + SECONDS.toNanos(10);
        while (thread[0] == null || thread[0].getState() != state) {
            assertTrue(System.nanoTime() < deadline, () -> "the thread never reached " + state);
            Thread.onSpinWait();
        }
    }

    @Test
    void close_endlessWriterQuery_isInterruptedQuickly() throws Exception {
        var started = new CountDownLatch(1);
        Future<?> endless = threads.submit(() -> driver.transaction(tx -> {
            started.countDown();
            return tx.query(ENDLESS).all();
        }));
        assertTrue(started.await(10, SECONDS));
        driver.close();
        assertTrue(failure(endless) instanceof DriverClosedException);
    }

    @Test
    void close_fromManyThreads_returnsOnAll() throws Exception {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(threads.submit(driver::close));
        }
        for (Future<?> one : all) {
            one.get(20, SECONDS);
        }
        assertThrows(DriverClosedException.class, () -> count(driver));
    }

    @Test
    void close_underLoadManyTimes_neverFailsUntyped() throws Exception {
        for (int round = 0; round < 20; round++) {
            DatabaseDriver loaded = TestDrivers.open(file);
            var running = new CountDownLatch(3);
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                all.add(threads.submit(() -> {
                    running.countDown();
                    while (true) {
                        loaded.query("SELECT * FROM t").all();
                        loaded.exec("UPDATE t SET v = 'x' WHERE id = 1");
                        loaded.transaction(tx -> tx.exec("UPDATE t SET v = 'y' WHERE id = 2"));
                    }
                }));
            }
            assertTrue(running.await(10, SECONDS));
            loaded.close();
            for (Future<?> one : all) {
                Throwable failure = failure(one);
                assertTrue(failure instanceof DriverClosedException, () -> String.valueOf(failure));
            }
        }
        assertNotNull(assertThrows(BadSqlException.class, () -> driver.exec("nonsense")));
    }
}
