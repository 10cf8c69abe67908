package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bunary.orm.driver.DatabaseDriver;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Promise 11: a factory in quarantine is tried again, also while another driver serves. */
@Timeout(60)
class RetryBesideTest {

    @Test
    void overlap_aBetterFactoryThatFailsTwice_takesOverByItselfOnceItWorks() {
        try (Bench bench = Bench.patient()) {
            bench.announce(0, Bench.overlapping(config -> new TinyDriver("old")));
            DatabaseDriver handle = bench.slot().driver();
            var tries = new AtomicInteger();

            bench.announce(1, Bench.overlapping(config -> {
                if (tries.incrementAndGet() < 3) {
                    throw new IllegalStateException("the server is not up yet");
                }
                return new TinyDriver("new");
            }));

            Bench.await(() -> Bench.answer(handle).equals("new"));
            assertEquals(3, tries.get());
        }
    }

    @Test
    void overlap_theFailedFactoryLeaves_nobodyWaitsForItAnyMore() {
        try (Bench bench = Bench.patient()) {
            bench.announce(0, Bench.overlapping(config -> new TinyDriver("old")));
            bench.answer();
            Candidate broken = bench.announce(1, Bench.overlapping(config -> {
                throw new IllegalStateException("on purpose");
            }));
            Bench.await(() -> openers() == 1); // it waits to try again

            bench.registry.withdraw(broken);

            Bench.await(() -> openers() == 0);
            assertEquals("old", bench.answer());
        }
    }

    private static long openers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("bunary-open"))
                .filter(thread -> thread.getState() == Thread.State.TIMED_WAITING)
                .count();
    }
}
