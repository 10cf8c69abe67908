package dev.bunary.orm.driver.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.driver.QueryResult;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The end of a driver: what is over, what is kept, and how long it takes. */
abstract class CloseContract extends ErrorContract {

    @Test
    final void close_again_doesNothing() {
        createItems(1);
        driver.close();
        driver.close();
        assertThrows(OrmException.class, this::countItems);
    }

    @Test
    final void closed_anyUse_isAnError() {
        createItems(1);
        QueryResult bound = driver.query(sql("SELECT [id] FROM [item]"));
        String select = sql("SELECT [id] FROM [item]");
        String delete = sql("DELETE FROM [item]");
        var runs = new AtomicInteger();
        driver.close();
        assertThrows(OrmException.class, bound::all);
        assertThrows(OrmException.class, () -> driver.query(select).all());
        assertThrows(OrmException.class, () -> driver.exec(delete));
        assertThrows(OrmException.class, () -> driver.transaction(tx -> runs.incrementAndGet()));
        assertEquals(0, runs.get());
    }

    @Test
    final void close_committedData_isThereWhenOpenedAgain() {
        assumeTrue(survivesClose(), "the data lives in the driver");
        createItems(1);
        driver.transaction(tx -> insertItem(tx, 2, "two"));
        driver.close();
        assertEquals(List.of(1L, 2L), itemIds(open()));
    }

    @Test
    final void close_whileAQueryRuns_endsIt() throws Exception {
        assumeTrue(closesWhileWorking(), "the driver waits for running work");
        var query = Background.call(() -> driver.query(longQuery()).all());
        assertFalse(query.endsSoon(), "longQuery() is too short");
        Background.start(driver::close).join();
        query.assertThrown(OrmException.class);
    }

    @Test
    final void close_whileATransactionQueries_endsItAndRollsBack() throws Exception {
        assumeTrue(closesWhileWorking() && survivesClose(), "the driver waits for running work");
        createItems(1);
        var transaction = Background.call(() -> driver.transaction(tx -> {
            insertItem(tx, 2, "two");
            return tx.query(longQuery()).all();
        }));
        assertFalse(transaction.endsSoon(), "longQuery() is too short");
        Background.start(driver::close).join();
        transaction.assertThrown(OrmException.class);
        assertEquals(List.of(1L), itemIds(open()));
    }

    @Test
    final void close_whileATransactionComputes_rollsBackAndTheTransactionThrows() throws Exception {
        assumeTrue(closesWhileWorking() && survivesClose(), "the driver waits for running work");
        createItems(1);
        var written = new CountDownLatch(1);
        var closed = new CountDownLatch(1);
        var transaction = Background.call(() -> driver.transaction(tx -> {
            insertItem(tx, 2, "two");
            written.countDown();
            return Background.await(closed);
        }));
        assertTrue(Background.await(written));
        Background.start(driver::close).join();
        closed.countDown();
        transaction.assertThrown(OrmException.class);
        assertEquals(List.of(1L), itemIds(open()));
    }

    @Test
    final void close_whileATransactionHidesTheError_theTransactionThrowsAllTheSame() throws Exception {
        assumeTrue(closesWhileWorking() && survivesClose(), "the driver waits for running work");
        createItems(1);
        var transaction = Background.call(() -> driver.transaction(tx -> {
            insertItem(tx, 2, "two");
            assertThrows(OrmException.class, () -> tx.query(longQuery()).all());
            return true;
        }));
        assertFalse(transaction.endsSoon(), "longQuery() is too short");
        Background.start(driver::close).join();
        transaction.assertThrown(OrmException.class);
        assertEquals(List.of(1L), itemIds(open()));
    }

    @Test
    final void close_insideItsOwnTransaction_rollsBackAtOnce() throws Exception {
        assumeTrue(closesWhileWorking() && survivesClose(), "the driver waits for running work");
        createItems(1);
        var transaction = Background.call(() -> driver.transaction(tx -> {
            insertItem(tx, 2, "two");
            driver.close();
            return true;
        }));
        transaction.assertThrown(OrmException.class);
        assertEquals(List.of(1L), itemIds(open()));
    }

    @Test
    final void close_whileAWriterWaits_endsItAndKeepsWhatWasAcknowledged() throws Exception {
        assumeTrue(closesWhileWorking() && survivesClose(), "the driver waits for running work");
        createItems(1);
        var written = new CountDownLatch(1);
        var closed = new CountDownLatch(1);
        var holder = Background.call(() -> driver.transaction(tx -> {
            insertItem(tx, 2, "two");
            written.countDown();
            return Background.await(closed);
        }));
        assertTrue(Background.await(written));
        var waiter = Background.call(() -> insertItem(driver, 3, "three"));
        waiter.endsSoon();
        Background.start(driver::close).join();
        closed.countDown();
        holder.assertThrown(OrmException.class);
        boolean acknowledged = acknowledged(waiter);
        List<Long> left = itemIds(open());
        assertFalse(left.contains(2L), "a transaction that close() ended was committed");
        assertTrue(left.contains(3L) || !acknowledged, "an acknowledged write is lost");
    }

    @Test
    final void close_whileAStreamIsOpen_returns() throws Exception {
        assumeTrue(closesWhileWorking(), "the driver waits for running work");
        createItems(5);
        try (Stream<Long> ids = driver.query(sql("SELECT [id] FROM [item]")).stream(columns -> row -> row.getLong(0))) {
            var iterator = ids.iterator();
            assertTrue(iterator.hasNext());
            Background.start(driver::close).join();
        }
        assertThrows(OrmException.class, this::countItems);
    }

    /** Whether the work said that it was done, rather than that the driver closed. */
    private static boolean acknowledged(Background<Long> work) throws Exception {
        try {
            assertEquals(1, work.join());
            return true;
        } catch (OrmException closed) {
            return false;
        }
    }
}
