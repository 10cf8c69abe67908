package dev.bunary.orm.driver.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.DatabaseDriver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * One driver, several threads. A driver may let work wait for other work, so a test that looks into a running transaction
 * goes on when nobody answers; what it asserts holds either way.
 */
abstract class IsolationContract extends TransactionContract {
    private static final int THREADS = 4;
    private static final int RUNS = 25;

    /** The end of a transaction that is to roll back. */
    private static final class Rollback extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Test
    final void transaction_rolledBack_isNeverSeenByAnotherThread() throws Exception {
        createItems();
        var readers = new ArrayList<Background<Long>>();
        assertThrows(
                Rollback.class,
                () -> driver.transaction(tx -> {
                    insertItem(tx, 1, "never there");
                    readers.add(Background.call(this::countItems));
                    letEnd(readers.get(0));
                    throw new Rollback();
                }));
        assertEquals(0, readers.get(0).join());
        assertEquals(0, countItems());
    }

    @Test
    final void transaction_beforeItsCommit_isNotSeenByAnotherThread() throws Exception {
        createItems();
        var readers = new ArrayList<Background<Long>>();
        boolean answered = driver.transaction(tx -> {
            insertItem(tx, 1, "one");
            readers.add(Background.call(this::countItems));
            return letEnd(readers.get(0));
        });
        long seen = readers.get(0).join();
        assertFalse(answered && seen > 0, "another thread saw a row that was not committed");
        assertEquals(1, Background.call(this::countItems).join());
    }

    @Test
    final void transaction_rolledBack_leavesTheOtherThreadsStatementAlone() throws Exception {
        createItems();
        var writers = new ArrayList<Background<Long>>();
        assertThrows(
                Rollback.class,
                () -> driver.transaction(tx -> {
                    insertItem(tx, 1, "undone");
                    writers.add(Background.call(() -> insertItem(driver, 2, "kept")));
                    letEnd(writers.get(0));
                    throw new Rollback();
                }));
        assertEquals(1, writers.get(0).join());
        assertEquals(List.of(2L), itemIds(driver));
    }

    @Test
    final void transaction_rolledBack_leavesTheOtherThreadsTransactionAlone() throws Exception {
        createItems();
        var writers = new ArrayList<Background<Long>>();
        assertThrows(
                Rollback.class,
                () -> driver.transaction(tx -> {
                    insertItem(tx, 1, "undone");
                    writers.add(Background.call(() -> driver.transaction(other -> insertItem(other, 2, "kept"))));
                    letEnd(writers.get(0));
                    insertItem(tx, 3, "undone");
                    throw new Rollback();
                }));
        assertEquals(1, writers.get(0).join());
        assertEquals(List.of(2L), itemIds(driver));
    }

    @Test
    final void driver_usedByFourThreads_losesAndDoublesNothing() throws Exception {
        createItems();
        onFourThreads((thread, run) -> {
            int id = thread * RUNS + run;
            assertEquals(1, insertItem(driver, id, "item " + id));
            assertEquals(
                    "item " + id,
                    driver.query(sql("SELECT [label] FROM [item] WHERE [id] = ?"), id)
                            .get()
                            .orElseThrow()
                            .getString("label"));
        });
        assertEquals(LongStream.range(0, THREADS * RUNS).boxed().toList(), itemIds(driver));
    }

    @Test
    final void transaction_onFourThreads_isAllOrNothing() throws Exception {
        driver.exec(sql("CREATE TABLE [counter] ([id] INTEGER PRIMARY KEY, [n] BIGINT)"));
        driver.exec(sql("INSERT INTO [counter] ([id], [n]) VALUES (1, 0)"));
        driver.exec(sql("INSERT INTO [counter] ([id], [n]) VALUES (2, 0)"));
        onFourThreads((thread, run) -> {
            if (run % 5 == 0) {
                assertThrows(
                        Rollback.class,
                        () -> driver.transaction(tx -> {
                            increment(tx, 1);
                            throw new Rollback();
                        }));
            } else {
                driver.transaction(tx -> increment(tx, 1) + increment(tx, 2));
            }
        });
        long expected = THREADS * RUNS * 4 / 5;
        assertEquals(
                List.of(expected, expected),
                driver.query(sql("SELECT [n] FROM [counter] ORDER BY [id]")).all(columns -> row -> row.getLong(0)));
    }

    private long increment(DatabaseDriver tx, int id) {
        return tx.exec(sql("UPDATE [counter] SET [n] = [n] + 1 WHERE [id] = ?"), id);
    }

    @FunctionalInterface
    private interface Step {
        void run(int thread, int run);
    }

    private static void onFourThreads(Step step) throws Exception {
        var start = new CountDownLatch(1);
        var threads = new ArrayList<Background<Boolean>>();
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            threads.add(Background.start(() -> {
                assertTrue(Background.await(start));
                for (int run = 0; run < RUNS; run++) {
                    step.run(thread, run);
                }
            }));
        }
        start.countDown();
        for (Background<Boolean> thread : threads) {
            thread.join();
        }
    }

    private static boolean letEnd(Background<?> work) {
        try {
            return work.endsSoon();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
