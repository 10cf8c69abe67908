package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.DriverSwappedException;
import dev.bunary.orm.driver.QueryResult;
import dev.bunary.orm.driver.Row;
import dev.bunary.orm.driver.TransactionOptions;
import dev.bunary.orm.query.QueryBuilder;
import dev.bunary.orm.swap.DriverEvent.Kind;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Promise 6: what was ended at the deadline says whether anything of it may have been committed. */
@Timeout(60)
class ForcedOutcomeTest {

    /** Works on every statement until it is closed. */
    private static final class EndlessDriver extends TinyDriver {
        final CountDownLatch working = new CountDownLatch(1);
        private final CountDownLatch end = new CountDownLatch(1);

        EndlessDriver() {
            super("endless");
        }

        private <T> T work() {
            working.countDown();
            Bench.await(end);
            throw new DriverClosedException("closed under its work");
        }

        @Override
        public QueryResult query(String sql, @Nullable Object... params) {
            return sql.equals("SELECT 1") || sql.equals("rows") ? super.query(sql, params) : (QueryResult) this::work;
        }

        @Override
        public long exec(String sql, @Nullable Object... params) {
            return this.<Long>work();
        }

        @Override
        public void close() {
            super.close();
            end.countDown();
        }
    }

    private static boolean outcomeKnown(Function<DriverSlot, @Nullable Object> use) throws Exception {
        try (Bench bench = Bench.withTimeouts(20_000, 200, 20_000)) {
            var driver = new EndlessDriver();
            Candidate factory = bench.announce(0, config -> driver);
            Callable<@Nullable Object> work = () -> use.apply(bench.slot());
            var ended = Bench.async(work);
            Bench.await(driver.working);

            bench.registry.withdraw(factory);

            var failure = assertThrows(ExecutionException.class, () -> Bench.join(ended));
            var swapped = assertInstanceOf(DriverSwappedException.class, failure.getCause());
            assertEquals(swapped.isOutcomeKnown(), swapped.isRetryable());
            assertTrue(bench.await(Kind.FORCED).leases() > 0);
            return swapped.isOutcomeKnown();
        }
    }

    private static QueryBuilder users(DriverSlot slot) {
        return QueryBuilder.on(slot, "users");
    }

    @Test
    void read_throughABuilder_mayBeRunAgain() throws Exception {
        assertEquals(true, outcomeKnown(slot -> users(slot).all()));
        assertEquals(true, outcomeKnown(slot -> users(slot).count()));
        assertEquals(true, outcomeKnown(slot -> users(slot).as(Row.reader()).all()));
    }

    @Test
    void write_outsideATransaction_mayHaveBeenCommitted() throws Exception {
        assertEquals(false, outcomeKnown(slot -> users(slot).where("id", 1).delete()));
        assertEquals(false, outcomeKnown(slot -> slot.driver().exec("DELETE FROM users")));
    }

    @Test
    void queryOfTheUsersOwnText_mayHaveBeenAWrite() throws Exception {
        assertEquals(
                false,
                outcomeKnown(slot -> slot.driver().query("DELETE ... RETURNING").all(Row.reader())));
    }

    @Test
    void write_insideAnOpenStream_mayHaveBeenCommitted() throws Exception {
        assertEquals(false, outcomeKnown(slot -> {
            DatabaseDriver driver = slot.driver();
            try (Stream<Row> rows = driver.query("rows").stream(Row.reader())) {
                return rows.map(row -> driver.exec("DELETE FROM users")).toList();
            }
        }));
    }

    @Test
    void write_inATransaction_isRolledBack() throws Exception {
        assertEquals(
                true,
                outcomeKnown(slot -> slot.transaction(
                        TransactionOptions.READ_WRITE,
                        tx -> users(slot).where("id", 1).delete())));
    }
}
