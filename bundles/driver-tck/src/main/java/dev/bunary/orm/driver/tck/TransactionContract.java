package dev.bunary.orm.driver.tck;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.driver.TransactionOptions;
import dev.bunary.orm.driver.TransactionStateException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Transactions on one thread: commit, rollback, savepoints, options. */
abstract class TransactionContract extends TypeContract {

    @Test
    final void transaction_returns_commitsAndGivesTheResult() {
        createItems();
        String result = driver.transaction(tx -> {
            insertItem(tx, 1, "one");
            insertItem(tx, 2, "two");
            return "done";
        });
        assertEquals("done", result);
        assertEquals(List.of(1L, 2L), itemIds(driver));
    }

    @Test
    final void transaction_returnsNull_givesNull() {
        createItems();
        assertNull(driver.<@Nullable String>transaction(tx -> {
            insertItem(tx, 1, "one");
            return null;
        }));
        assertEquals(1, countItems());
    }

    @Test
    final void transaction_seesItsOwnWrites() {
        createItems();
        assertEquals(1, driver.<Long>transaction(tx -> {
            insertItem(tx, 1, "one");
            return countItems(tx);
        }));
    }

    @Test
    final void transaction_runsItsWorkOnceOnTheSameThread() {
        var runs = new AtomicInteger();
        Thread thread = driver.transaction(tx -> {
            runs.incrementAndGet();
            return Thread.currentThread();
        });
        assertSame(Thread.currentThread(), thread);
        assertEquals(1, runs.get());
    }

    @Test
    final void transaction_throwsRuntimeException_rollsBackAndThrowsThat() {
        assertRollsBack(new IllegalStateException("thrown by the work"));
    }

    @Test
    final void transaction_throwsError_rollsBackAndThrowsThat() {
        assertRollsBack(new AssertionError("thrown by the work"));
    }

    @Test
    final void transaction_throwsAfterAFailedStatement_rollsBackAndThrowsThat() {
        createItems(1);
        OrmException thrown = assertThrows(
                OrmException.class,
                () -> driver.transaction(tx -> {
                    insertItem(tx, 2, "two");
                    return insertItem(tx, 1, "there already");
                }));
        assertEquals(0, thrown.getSuppressed().length, "the rollback failed as well");
        assertEquals(List.of(1L), itemIds(driver));
    }

    @Test
    final void transaction_afterARollback_worksAgain() {
        createItems();
        assertThrows(
                ArithmeticException.class,
                () -> driver.transaction(tx -> {
                    throw new ArithmeticException("thrown by the work");
                }));
        driver.transaction(tx -> insertItem(tx, 1, "one"));
        insertItem(driver, 2, "two");
        assertEquals(List.of(1L, 2L), itemIds(driver));
    }

    @Test
    final void transaction_savepointOfTheDialect_undoesOnlyWhatFollowedIt() {
        createItems();
        driver.transaction(tx -> {
            insertItem(tx, 1, "kept");
            tx.exec(tx.dialect().savepoint("sp1"));
            insertItem(tx, 2, "undone");
            tx.exec(tx.dialect().rollbackTo("sp1"));
            insertItem(tx, 3, "kept");
            tx.exec(tx.dialect().release("sp1"));
            return true;
        });
        assertEquals(List.of(1L, 3L), itemIds(driver));
    }

    @Test
    final void transaction_txUsedAfterItsEnd_isAnErrorAndChangesNothing() {
        assumeTrue(guardsTransactions(), "the driver leaves this check to the ORM");
        createItems();
        DatabaseDriver ended = driver.transaction(tx -> tx);
        assertThrows(TransactionStateException.class, () -> insertItem(ended, 1, "one"));
        assertThrows(TransactionStateException.class, () -> countItems(ended));
        assertEquals(0, countItems());
    }

    @Test
    final void transaction_txUsedByAnotherThread_isAnErrorAndChangesNothing() {
        assumeTrue(guardsTransactions(), "the driver leaves this check to the ORM");
        createItems();
        driver.transaction(
                tx -> Background.call(() -> insertItem(tx, 1, "one")).assertThrown(TransactionStateException.class));
        assertEquals(0, countItems());
    }

    @Test
    final void transaction_readOnly_reads() {
        createItems(2);
        assertEquals(2, driver.<Long>transaction(TransactionOptions.READ_ONLY, tx -> countItems(tx)));
    }

    @Test
    final void transaction_readOnly_refusesToWrite() {
        assumeTrue(readOnlyTransactions(), "the driver has no read-only transactions");
        createItems();
        assertThrows(
                OrmException.class,
                () -> driver.transaction(TransactionOptions.READ_ONLY, tx -> insertItem(tx, 1, "one")));
        assertEquals(0, countItems());
        driver.transaction(tx -> insertItem(tx, 2, "two"));
        assertEquals(1, countItems());
    }

    /** As the garbage collector's thread does with a stream that the work has dropped. */
    @Test
    final void transaction_streamClosedByAnotherThread_goesOn() {
        createItems(3);
        driver.transaction(tx -> {
            Stream<Long> left = ids(tx);
            assertEquals(1, left.iterator().next());
            closeElsewhere(left);
            assertEquals(List.of(1L, 2L, 3L), ids(tx).toList());
            return insertItem(tx, 4, "four");
        });
        assertEquals(List.of(1L, 2L, 3L, 4L), itemIds(driver));
    }

    @Test
    final void transaction_streamClosedByAnotherThreadWhileARowIsRead_goesOn() {
        createItems(3);
        driver.transaction(tx -> {
            insertItem(tx, 4, "four");
            var others = ids(tx).iterator();
            assertEquals(1, others.next());
            assertClosedWhileRead(tx);
            assertEquals(2, others.next());
            insertItem(tx, 5, "five");
            assertEquals(3, others.next());
            return null;
        });
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), itemIds(driver));
    }

    private void assertClosedWhileRead(DatabaseDriver tx) {
        // some drivers map all rows before there is a stream
        var rows = new AtomicReference<Stream<Long>>(Stream.empty());
        rows.set(tx.query(sql("SELECT [id] FROM [item]")).stream(columns -> row -> {
            closeElsewhere(rows.get());
            return row.getLong(0);
        }));
        try {
            assertEquals(4, rows.get().toList().size(), "rows are missing, and there is no error");
        } catch (OrmException ended) {
            assertEquals(0, ended.getSuppressed().length, "it could not be ended");
        }
    }

    private Stream<Long> ids(DatabaseDriver from) {
        return from.query(sql("SELECT [id] FROM [item] ORDER BY [id]")).stream(columns -> row -> row.getLong(0));
    }

    private static void closeElsewhere(Stream<?> stream) {
        assertDoesNotThrow(() -> Background.start(stream::close).join());
    }

    private void assertRollsBack(Throwable thrown) {
        createItems();
        Throwable caught = assertThrows(
                thrown.getClass(),
                () -> driver.transaction(tx -> {
                    insertItem(tx, 1, "one");
                    throw unchecked(thrown);
                }));
        assertSame(thrown, caught);
        assertEquals(0, countItems());
    }

    private static RuntimeException unchecked(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return (RuntimeException) thrown;
    }
}
