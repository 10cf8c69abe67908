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
import dev.bunary.orm.driver.Row;
import dev.bunary.orm.driver.SqlException;
import dev.bunary.orm.driver.TransactionOptions;
import dev.bunary.orm.driver.TransactionStateException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.jdbc4.JDBC4Connection;

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

    /** A connection that is not of this driver, such as another program's, takes no turns: SQLite's lock is all there is. */
    @Test
    void write_fileLockedBySomebodyElse_timesOutTyped() throws Exception {
        try (Connection other = new JDBC4Connection("jdbc:sqlite:" + file, file.toString(), new Properties());
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            assertThrows(LockTimeoutException.class, () -> driver.exec("DELETE FROM t"));
            statement.execute("ROLLBACK");
            assertEquals(3, driver.exec("DELETE FROM t"));
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
    void stream_closedWhileItsReaderIsInALongStep_endsTheReadAndGivesItsSessionBack() throws Exception {
        var quickRows = new CountDownLatch(3);
        Stream<Long> rows =
                driver.query("SELECT id FROM t UNION ALL SELECT * FROM (" + ENDLESS + ")").stream(columns -> row -> {
                    quickRows.countDown();
                    return row.getLong(0);
                });
        Thread[] reader = new Thread[1];
        Future<?> reading = threads.submit(() -> {
            reader[0] = Thread.currentThread();
            return rows.toList();
        });
        await(quickRows);
        awaitStep(reader);
        threads.submit(rows::close).get(10, SECONDS);
        assertTrue(failure(reading) instanceof DriverClosedException, () -> "failed with " + failure(reading));
        assertNoReaderLeft();
    }

    @Test
    void stream_closedWhileItsReaderIsInTheMapper_endsTheReadAndGivesItsSessionBack() throws Exception {
        var mapping = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        Stream<Long> rows = driver.query("SELECT id FROM t").stream(columns -> row -> {
            mapping.countDown();
            await(goOn);
            return row.getLong(0);
        });
        Future<?> reading = threads.submit(() -> rows.toList());
        await(mapping);
        threads.submit(rows::close).get(10, SECONDS);
        assertEquals(3, count(driver)); // on another session: this one is still the reader's
        goOn.countDown();
        assertTrue(failure(reading) instanceof DriverClosedException, () -> "failed with " + failure(reading));
        assertNoReaderLeft();
    }

    @Test
    void stream_closedByItsOwnMapper_endsTheReadWithoutWaitingForItself() {
        var rows = new AtomicReference<Stream<Long>>();
        rows.set(driver.query("SELECT id FROM t").stream(columns -> row -> {
            rows.get().close();
            return row.getLong(0);
        }));
        assertThrows(DriverClosedException.class, () -> rows.get().toList());
        assertNoReaderLeft();
    }

    /** Sessions that come back are used by others at once: neither may see the other's rows or its interrupt. */
    @Test
    void streams_closedAtAnyMomentByOthers_giveTheirOwnRowsAndNobodyElseNoticesIt() throws Exception {
        long seed = System.nanoTime();
        System.out.println("streams_closedAtAnyMomentByOthers seed " + seed);
        var random = new Random(seed);
        driver.exec("WITH RECURSIVE c(n) AS (SELECT 4 UNION ALL SELECT n + 1 FROM c WHERE n < 2000)"
                + " INSERT INTO t SELECT n, 'x' FROM c");
        var stop = new AtomicBoolean();
        Future<Long> other = threads.submit(() -> {
            long asked = 0;
            while (!stop.get()) {
                assertEquals(2000, count(driver));
                asked++;
            }
            return asked;
        });
        for (int i = 0; i < 100; i++) {
            Stream<Long> rows = driver.query("SELECT id FROM t ORDER BY id").stream(columns -> row -> row.getLong(0));
            int enough = random.nextInt(2000);
            var reached = new CountDownLatch(1);
            Future<Long> reading = threads.submit(() -> {
                long[] read = {0};
                try {
                    rows.forEach(id -> {
                        assertEquals(++read[0], id);
                        if (id > enough) {
                            reached.countDown();
                        }
                    });
                } catch (DriverClosedException closed) {
                    return read[0];
                }
                return read[0];
            });
            await(reached);
            rows.close();
            long read = reading.get(20, SECONDS);
            assertTrue(read > enough, () -> "read " + read);
        }
        stop.set(true);
        assertTrue(other.get(20, SECONDS) > 0);
        assertNoReaderLeft();
    }

    /** As the garbage collector's thread does with streams that the work has dropped. */
    @Test
    void transaction_streamsClosedAtAnyMomentByAnotherThread_goesOn() throws Exception {
        var dropped = new LinkedBlockingQueue<Stream<Long>>();
        var stop = new AtomicBoolean();
        Future<Long> closing = threads.submit(() -> {
            long closed = 0;
            while (!stop.get() || !dropped.isEmpty()) {
                Stream<Long> next = dropped.poll();
                if (next != null) {
                    next.close();
                    closed++;
                }
            }
            return closed;
        });
        try {
            for (int i = 0; i < 4_000; i++) {
                driver.transaction(tx -> {
                    for (int opened = 0; opened < 8; opened++) {
                        Stream<Long> ids = tx.query("SELECT id FROM t").stream(columns -> row -> row.getLong(0));
                        assertEquals(1, ids.iterator().next());
                        dropped.add(ids);
                        assertEquals(
                                List.of(1L, 2L, 3L),
                                tx.query("SELECT id FROM t").all(columns -> row -> row.getLong(0)));
                    }
                    return null;
                });
            }
        } finally {
            stop.set(true);
        }
        assertEquals(32_000, closing.get(20, SECONDS));
        assertEquals(3, driver.exec("DELETE FROM t"));
    }

    private static void awaitStep(Thread[] thread) {
        long deadline = System.nanoTime() + SECONDS.toNanos(10);
        while (thread[0] == null
                || Stream.of(thread[0].getStackTrace())
                        .noneMatch(frame -> frame.getMethodName().equals("step"))) {
            assertTrue(System.nanoTime() < deadline, "the thread is in no step of the database");
            Thread.onSpinWait();
        }
    }

    /** A session that reads keeps SQLite from emptying its log (sqlite.org/pragma.html#pragma_wal_checkpoint). */
    private void assertNoReaderLeft() {
        driver.exec("UPDATE t SET v = 'z' WHERE id = 1");
        Row checkpoint = driver.query("PRAGMA wal_checkpoint(TRUNCATE)").get().orElseThrow();
        assertEquals(0, checkpoint.getLong(0), () -> "a reader holds the log: " + checkpoint);
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
        var started = new CountDownLatch(2);
        var asking = new CountDownLatch(1);
        var idle = new CountDownLatch(1);
        Future<?> endlessRead = threads.submit(() -> {
            started.countDown();
            return patient.query(ENDLESS_READ).all();
        });
        Future<?> idleTransaction = threads.submit(() -> patient.transaction(tx -> {
            tx.exec("INSERT INTO t (v) VALUES ('lost')");
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
        assertTrue(started.await(10, SECONDS)); // or the next writer might come before the transaction
        Thread[] waiter = new Thread[1];
        Future<?> waitingWriter = threads.submit(() -> {
            waiter[0] = Thread.currentThread();
            asking.countDown();
            return patient.exec("DELETE FROM t");
        });
        assertTrue(asking.await(10, SECONDS));
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
