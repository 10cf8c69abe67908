package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.DatabaseDriver;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Promises 1 and 2: one driver is cached, and evicted when another choice results. */
@Timeout(60)
class CachedDriverTest {

    // ---- promise 1: cached

    @Test
    void driver_askedTwice_isTheSameHandle() {
        try (Bench bench = Bench.patient()) {
            var creates = new AtomicInteger();
            bench.announce(0, config -> new TinyDriver("a" + creates.incrementAndGet()));

            assertSame(bench.slot().driver(), bench.slot().driver());
            assertEquals(1, creates.get());
        }
    }

    @Test
    void driver_askedByManyThreadsAtOnce_isOpenedOnce() throws Exception {
        try (Bench bench = Bench.patient()) {
            var creates = new AtomicInteger();
            bench.announce(0, config -> new TinyDriver("a" + creates.incrementAndGet()));
            var answers = new ArrayList<CompletableFuture<String>>();
            for (int i = 0; i < 16; i++) {
                answers.add(Bench.async(bench::answer));
            }
            for (var answer : answers) {
                assertEquals("a1", Bench.join(answer));
            }
            assertEquals(1, creates.get());
        }
    }

    // ---- promise 2: evicted and rebound

    @Test
    void driver_afterABetterFactoryCame_isANewHandleOnIt() {
        try (Bench bench = Bench.patient()) {
            var a = new TinyDriver("a");
            bench.announce(0, config -> a);
            DatabaseDriver before = bench.slot().driver();

            bench.announce(1, config -> new TinyDriver("b"));
            DatabaseDriver after = bench.slot().driver();

            assertNotSame(before, after);
            assertEquals("b", Bench.answer(after));
            assertEquals("b", Bench.answer(before), "a handle follows");
            assertEquals(2, bench.slot().status().generation());
            assertEquals(1, a.closes.get());
        }
    }

    @Test
    void driver_afterALowerFactoryCame_stays() {
        try (Bench bench = Bench.patient()) {
            bench.announce(1, config -> new TinyDriver("a"));
            DatabaseDriver before = bench.slot().driver();

            bench.announce(0, config -> new TinyDriver("b"));

            assertSame(before, bench.slot().driver());
        }
    }

    @Test
    void driver_afterItsFactoryLeft_isThatOfTheNextBest() {
        try (Bench bench = Bench.patient()) {
            var a = new TinyDriver("a");
            Candidate leaving = bench.announce(1, config -> a);
            bench.announce(0, config -> new TinyDriver("b"));
            assertEquals("a", bench.answer());

            bench.registry.withdraw(leaving);

            assertTrue(a.isClosed(), "closed before withdraw returned");
            assertEquals("b", bench.answer());
        }
    }

    @Test
    void driver_afterRankingsChanged_isThatOfTheNewBest() {
        try (Bench bench = Bench.patient()) {
            bench.announce(1, config -> new TinyDriver("a"));
            Candidate second = bench.announce(0, config -> new TinyDriver("b"));
            assertEquals("a", bench.answer());

            bench.registry.announceAgain(second, second.types(), 2);

            assertEquals("b", bench.answer());
        }
    }

    @Test
    void registerDriver_overAnAnnouncedFactory_wins_andItsCloseGivesBack() {
        try (Bench bench = Bench.patient()) {
            bench.announce(1000, config -> new TinyDriver("announced"));
            var first = bench.connections.register("tiny", config -> new TinyDriver("first"));
            var second = bench.connections.register("tiny", config -> new TinyDriver("second"));
            assertEquals("second", bench.answer());
            second.close();
            assertEquals("first", bench.answer());
            first.close();
            first.close();
            assertEquals("announced", bench.answer());
        }
    }
}
