package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.swap.DriverEvent.Kind;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Openings that end, hang or are overtaken at a bad moment: the right factory serves in the end, and nobody is told too early. */
@Timeout(60)
class SuccessionRacesTest {
    @Test
    void overlap_theBestFailed_andTheNextBestTookOver_theBestIsTriedAgainAllTheSame() throws Exception {
        try (Bench bench = Bench.patient()) {
            var serverIsUp = new AtomicBoolean();
            bench.announce(0, Bench.overlapping(config -> new TinyDriver("old")));
            DatabaseDriver handle = bench.slot().driver();
            var opening = new CountDownLatch(1);
            var fail = new CountDownLatch(1);
            bench.announce(2, Bench.overlapping(config -> {
                opening.countDown();
                Bench.await(fail);
                if (!serverIsUp.get()) {
                    throw new IllegalStateException("the server is not up yet");
                }
                return new TinyDriver("best");
            }));
            Bench.await(opening);
            bench.announce(1, Bench.overlapping(config -> new TinyDriver("next best")));
            fail.countDown();
            Bench.await(() -> Bench.answer(handle).equals("next best"));

            serverIsUp.set(true);

            Bench.await(() -> Bench.answer(handle).equals("best"));
        }
    }

    /** Longer than any test waits. */
    private static void hang(CountDownLatch end) {
        try {
            end.await(2 * Bench.LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
    }

    @Test
    void overlap_theBestHangsAndLeaves_theNextBestTakesOver() {
        var end = new CountDownLatch(1);
        try (Bench bench = Bench.withTimeouts(20_000, 100, 1_000)) {
            bench.announce(0, Bench.overlapping(config -> new TinyDriver("old")));
            DatabaseDriver handle = bench.slot().driver();
            var opening = new CountDownLatch(1);
            Candidate best = bench.announce(2, Bench.overlapping(config -> {
                opening.countDown();
                hang(end);
                return new TinyDriver("late");
            }));
            Bench.await(opening);
            bench.announce(1, Bench.overlapping(config -> new TinyDriver("next best")));

            bench.registry.withdraw(best);

            Bench.await(() -> Bench.answer(handle).equals("next best"));
        } finally {
            end.countDown();
        }
    }

    /** An in-place update of a bundle whose create() hangs: its callers have less patience than the open time-out. */
    @Test
    void open_hangsAndItsFactoryLeaves_callersGoOnWithTheNextAtOnce() throws Exception {
        var end = new CountDownLatch(1);
        try (Bench bench = Bench.withTimeouts(2_000, 100, 20_000)) {
            var opening = new CountDownLatch(1);
            Candidate hanging = bench.announce(0, config -> {
                opening.countDown();
                hang(end);
                return new TinyDriver("late");
            });
            var caller = Bench.async(bench::answer);
            Bench.await(opening);

            bench.registry.withdraw(hanging);
            bench.announce(0, config -> new TinyDriver("next"));

            assertEquals("next", Bench.join(caller));
        } finally {
            end.countDown();
        }
    }

    @RepeatedTest(20) // the opening may get the lock first all the same
    void open_wrongForTheBest_aCallerThatWakesBeforeThatIsJudged_getsTheNextBest() throws Exception {
        try (Bench bench = Bench.patient()) {
            var opening = new CountDownLatch(1);
            var goOn = new CountDownLatch(1);
            bench.announce(1, config -> {
                opening.countDown();
                Bench.await(goOn);
                throw new ConfigurationException("tiny has no property 'path'");
            });
            bench.announce(0, config -> new TinyDriver("next best"));
            var caller = Bench.async(bench::answer);
            Bench.await(opening);
            DriverSlot slot = bench.slot();
            Bench.await(() -> slot.status().parked() == 1); // the caller waits for no lock
            slot.state.lock.lock();
            try {
                slot.state.wakeAll(); // as any change does
                Bench.await(() -> slot.state.lock.getQueueLength() >= 1);
                goOn.countDown();
                Bench.await(() -> slot.state.lock.getQueueLength() >= 2); // the opening has failed, but is not judged
            } finally {
                slot.state.lock.unlock();
            }

            assertEquals("next best", Bench.join(caller));
            bench.await(Kind.QUARANTINED);
        }
    }
}
