package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bunary.orm.driver.DatabaseDriver;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
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
            Bench.await(() -> watchers() == 1); // it waits to try again

            bench.registry.withdraw(broken);

            Bench.await(() -> watchers() == 0);
            assertEquals("old", bench.answer());
        }
    }

    @Test
    void exclusive_aBetterFactoryFailedAWhileAgo_theServingDriverIsNotEvictedForAnotherTry() {
        try (Bench bench = Bench.patient()) {
            var tries = new AtomicInteger();
            var pauseEnds = new AtomicLong();
            Candidate broken = bench.announce(1, config -> {
                pauseEnds.set(System.nanoTime() + Duration.ofMillis(150).toNanos());
                tries.incrementAndGet();
                throw new IllegalStateException("on purpose");
            });
            bench.announce(0, config -> {
                Bench.await(() -> System.nanoTime() > pauseEnds.get()); // slower than the other one's quarantine
                return new TinyDriver("serving");
            });

            assertEquals("serving", bench.answer());
            Bench.await(() -> openings() == 0); // the choice has been judged anew

            assertEquals(1, tries.get());
            bench.registry.announceAgain(broken, Set.of("tiny"), 2); // which changes something
            Bench.await(() -> bench.answer().equals("serving") && tries.get() == 2);
        }
    }

    private static long openings() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("bunary-open"))
                .count();
    }

    private static long watchers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("bunary-watch"))
                .filter(thread -> thread.getState() == Thread.State.TIMED_WAITING)
                .count();
    }
}
