package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.DatabaseDriver;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Promise 5 for drivers that serve no connection: work in flight ends on them before they close. */
@Timeout(60)
class LooseDriverTest {

    @Test
    void close_ofAResetDriverInATransaction_waitsForIt() throws Exception {
        try (Bench bench = Bench.patient()) {
            var driver = new TinyDriver("reset");
            bench.announce(0, config -> driver);
            DatabaseDriver detached = bench.slot().driver();
            bench.slot().resetDriver();

            assertClosesAfterItsTransaction(detached, driver);
        }
    }

    @Test
    void close_ofAnUncachedDriverInATransaction_waitsForIt() throws Exception {
        try (Bench bench = Bench.patient()) {
            var driver = new TinyDriver("uncached");
            bench.announce(0, config -> driver);

            assertClosesAfterItsTransaction(bench.connections.open(Bench.TINY), driver);
        }
    }

    private static void assertClosesAfterItsTransaction(DatabaseDriver loose, TinyDriver driver) throws Exception {
        var begun = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var closer = new AtomicReference<Thread>();
        var work = Bench.async(() -> loose.transaction(tx -> {
            begun.countDown();
            Bench.await(goOn);
            return Bench.answer(tx);
        }));
        Bench.await(begun);
        var closed = Bench.async(() -> {
            closer.set(Thread.currentThread());
            loose.close();
            return driver.isClosed();
        });
        Bench.await(
                () -> closed.isDone() || closer.get() != null && closer.get().getState() == Thread.State.TIMED_WAITING);
        assertFalse(driver.isClosed(), "closed under its transaction");

        goOn.countDown();

        assertEquals(driver.name, Bench.join(work));
        assertTrue(Bench.join(closed), "closed before close() returned");
        assertEquals(0, driver.usesAfterClose.get());
    }
}
