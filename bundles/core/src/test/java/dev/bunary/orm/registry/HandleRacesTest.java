package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bunary.orm.driver.DatabaseDriver;
import java.util.Arrays;
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

    /** Where nothing is open: what is closed here is the handle alone. */
    private static final class Nowhere extends DriverSource {
        Nowhere() {
            super("default");
        }

        @Override
        Lease enter() {
            throw new AssertionError();
        }

        @Override
        HeldLease hold() {
            throw new AssertionError();
        }

        @Override
        boolean isShared() {
            return true;
        }

        @Override
        void close(LeaseCounter ifStill) {}
    }

    @Test
    void close_whileAnotherThreadClosesTheDriver_doesNotThrow() throws Exception {
        int rounds = 100_000;
        var eras = new Era[rounds];
        Arrays.setAll(eras, any -> new Era(new Nowhere()));
        var round = new AtomicInteger();
        var other = Bench.async(() -> {
            for (int mine = 0; mine < rounds; mine++) {
                while (round.get() < mine) {
                    Thread.onSpinWait();
                }
                eras[mine].end("closed by closeDriver()");
            }
            return true;
        });
        for (int mine = 0; mine < rounds; mine++) {
            var handle = new DriverHandle("default", eras[mine], new LeaseCounter());
            round.set(mine);
            handle.close();
        }
        Bench.join(other);
    }
}
