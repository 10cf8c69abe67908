package dev.bunary.orm.driver.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.LockTimeoutException;
import dev.bunary.orm.driver.TransactionStateException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two drivers open on one file take turns at writing. */
@Timeout(60)
final class WriterTurnsTest {
    @TempDir
    private Path folder;

    private DatabaseDriver first;
    private DatabaseDriver second;

    @BeforeEach
    void open() {
        first = driver("20000");
        second = driver("20000");
        first.exec("CREATE TABLE t (v TEXT)");
    }

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    /** With a rollback journal each commit keeps all others out of the file, and SQLite's waiting is a matter of luck. */
    @Test
    void driver_openedBesideWritersThatNeverPause_gotItsTurn() throws Exception {
        Path file = folder.resolve("rollback.db");
        String[] settings = {"journalMode", "delete", "busyTimeout", "2000"};
        var stopped = new AtomicBoolean();
        var written = new AtomicInteger();
        try (DatabaseDriver one = TestDrivers.open(file, settings);
                DatabaseDriver other = TestDrivers.open(file, settings)) {
            one.exec("CREATE TABLE t (v TEXT)");
            List<FutureTask<?>> writers = List.of(
                    start(() -> writeUntil(stopped, one, written)), start(() -> writeUntil(stopped, other, written)));
            for (int opened = 0; opened < 5; opened++) {
                try (DatabaseDriver next = TestDrivers.open(file, settings)) {
                    next.query("SELECT 1").all();
                }
            }
            stopped.set(true);
            for (FutureTask<?> writer : writers) {
                writer.get(20, TimeUnit.SECONDS);
            }
            assertEquals(written.get(), one.query("SELECT v FROM t").all().size());
        }
    }

    private static int writeUntil(AtomicBoolean stopped, DatabaseDriver driver, AtomicInteger written) {
        while (!stopped.get()) {
            driver.exec("INSERT INTO t VALUES ('x')");
            written.incrementAndGet();
        }
        return written.get();
    }

    private DatabaseDriver driver(String busyTimeout) {
        String path = folder.resolve("app.db").toString();
        return new SqliteDriverFactory()
                .create(DatabaseConfig.of("sqlite", Map.of("path", path, "busyTimeout", busyTimeout)));
    }

    @Test
    void writers_ofTwoDrivers_comeInTheOrderTheyAsked() throws Exception {
        var order = new CopyOnWriteArrayList<String>();
        var inside = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var holder = start(() -> first.transaction(tx -> {
            inside.countDown();
            await(goOn);
            return tx.exec("INSERT INTO t VALUES ('holder')");
        }));
        await(inside);
        var b = waiting(() -> order.add(second.exec("INSERT INTO t VALUES ('b')") + " b"));
        var c = waiting(() -> order.add(first.exec("INSERT INTO t VALUES ('c')") + " c"));
        var d = waiting(() -> order.add(second.exec("INSERT INTO t VALUES ('d')") + " d"));
        goOn.countDown();
        for (FutureTask<?> task : List.of(holder, b, c, d)) {
            task.get(20, TimeUnit.SECONDS);
        }
        List<String> written = second.query("SELECT v FROM t ORDER BY rowid").all().stream()
                .map(row -> row.getString(0))
                .toList();
        assertEquals(List.of("holder", "b", "c", "d"), written);
        assertEquals(3, order.size());
    }

    @Test
    void closedDriver_whoseTransactionNeverEnds_givesTheTurnToTheOther() throws Exception {
        var inside = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var holder = start(() -> first.transaction(tx -> {
            tx.exec("INSERT INTO t VALUES ('lost')");
            inside.countDown();
            await(goOn);
            return tx.exec("INSERT INTO t VALUES ('lost too')");
        }));
        await(inside);

        first.close();

        assertEquals(1, second.exec("INSERT INTO t VALUES ('there')"));
        goOn.countDown();
        var failure = assertThrows(ExecutionException.class, () -> holder.get(20, TimeUnit.SECONDS));
        assertTrue(failure.getCause() instanceof DriverClosedException, failure::toString);
        assertEquals(1, second.exec("INSERT INTO t VALUES ('still in turn')"));
        assertEquals(2, second.query("SELECT v FROM t").all().size());
    }

    @Test
    void waiter_whoseDriverCloses_goesAtOnce_andTheTurnGoesOn() throws Exception {
        var inside = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var holder = start(() -> first.transaction(tx -> {
            inside.countDown();
            await(goOn);
            return tx.exec("INSERT INTO t VALUES ('holder')");
        }));
        await(inside);
        var waiter = waiting(() -> second.exec("INSERT INTO t VALUES ('never')"));

        second.close();

        var failure = assertThrows(ExecutionException.class, () -> waiter.get(5, TimeUnit.SECONDS));
        assertTrue(failure.getCause() instanceof DriverClosedException, failure::toString);
        goOn.countDown();
        assertEquals(1L, holder.get(20, TimeUnit.SECONDS));
        assertEquals(1, first.exec("INSERT INTO t VALUES ('after')"));
    }

    @Test
    void oneThread_writingThroughBothDrivers_isToldInsteadOfWaitingForItself() {
        var failure = assertThrows(
                TransactionStateException.class,
                () -> first.transaction(tx -> second.exec("INSERT INTO t VALUES ('x')")));
        assertTrue(failure.getMessage().contains("through another driver"), failure::getMessage);
        assertEquals(1, second.exec("INSERT INTO t VALUES ('y')"));
    }

    @Test
    void waiter_whoseTimeIsOver_failsAndLeavesTheQueue() throws Exception {
        try (DatabaseDriver impatient = driver("50")) {
            first.transaction(tx -> {
                var waiter = start(() -> impatient.exec("INSERT INTO t VALUES ('x')"));
                var failure = assertThrows(ExecutionException.class, () -> waiter.get(20, TimeUnit.SECONDS));
                assertTrue(failure.getCause() instanceof LockTimeoutException, failure::toString);
                return 1;
            });
            assertEquals(1, impatient.exec("INSERT INTO t VALUES ('y')"));
        }
    }

    private static <T> FutureTask<T> start(Callable<T> work) {
        var task = new FutureTask<>(work);
        var thread = new Thread(task, "writer");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    /** Starts work, and returns when its thread waits. */
    private static <T> FutureTask<T> waiting(Callable<T> work) {
        var task = new FutureTask<>(work);
        var thread = new Thread(task, "writer");
        thread.setDaemon(true);
        thread.start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            assertTrue(System.nanoTime() < end, "it does not wait");
            Thread.onSpinWait();
        }
        return task;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(20, TimeUnit.SECONDS), "nobody came");
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
    }
}
