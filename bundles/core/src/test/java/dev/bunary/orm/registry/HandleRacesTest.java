package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bunary.orm.driver.DatabaseDriver;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Promise 3 while something else is under way: a handle never reaches another driver than its own, and closes quietly. */
@Timeout(60)
class HandleRacesTest {
    @Test
    void transaction_whichWaitsForADriver_thatIsResetBeforeItGetsIt_runsOnTheDetachedDriver() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.mayBringMore = true;
            Candidate old = bench.announce(0, config -> new TinyDriver("old"));
            DatabaseDriver handle = bench.slot().driver();
            bench.registry.withdraw(old);
            var opening = new CountDownLatch(1);
            var goOn = new CountDownLatch(1);
            var opened = new AtomicInteger();
            bench.announce(0, config -> {
                opening.countDown();
                Bench.await(goOn);
                return new TinyDriver("driver " + opened.incrementAndGet());
            });
            var work = Bench.async(() -> handle.<String>transaction(Bench::answer));
            Bench.await(opening);
            DriverSlot slot = bench.slot();
            Bench.await(() -> slot.status().parked() == 1);
            slot.state.lock.lock();
            try {
                goOn.countDown();
                Bench.await(() -> slot.state.lock.getQueueLength() == 1); // opened, and about to wake the one who waits
                Bench.async(() -> {
                    slot.resetDriver();
                    return true;
                });
                Bench.await(() -> slot.state.lock.getQueueLength() == 2);
            } finally {
                slot.state.lock.unlock();
            }

            assertEquals("driver 1", Bench.join(work));
            assertEquals("driver 1", Bench.answer(handle));
        }
    }
}
