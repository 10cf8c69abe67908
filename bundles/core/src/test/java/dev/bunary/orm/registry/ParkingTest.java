package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.DriverUnavailableException;
import dev.bunary.orm.driver.NoDriverException;
import dev.bunary.orm.swap.DriverEvent;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Promise 4: nobody fails in the gap. */
@Timeout(60)
class ParkingTest {

    @Test
    void acquire_inTheGapOfAnUpdate_waitsForTheNewFactory() throws Exception {
        try (Bench bench = Bench.patient()) {
            Candidate old = bench.announce(0, config -> new TinyDriver("old"));
            bench.answer();
            bench.registry.withdraw(old);
            var caller = Bench.async(bench::answer);
            Bench.await(() -> bench.slot().status().parked() == 1);

            bench.announce(0, config -> new TinyDriver("new"));

            assertEquals("new", Bench.join(caller));
            bench.await(DriverEvent.Kind.LOST);
            assertEquals(2, bench.await(DriverEvent.Kind.REBOUND).generation());
        }
    }

    @Test
    void acquire_whileDraining_waitsForTheNextDriver() throws Exception {
        try (Bench bench = Bench.patient()) {
            Candidate old = bench.announce(1, config -> new TinyDriver("old"));
            bench.announce(0, config -> new TinyDriver("new"));
            var inside = new CountDownLatch(1);
            var finish = new CountDownLatch(1);
            var work = Bench.async(() -> bench.transaction(tx -> {
                inside.countDown();
                Bench.await(finish);
                return Bench.answer(tx);
            }));
            Bench.await(inside);
            var withdrawal = Bench.async(() -> {
                bench.registry.withdraw(old);
                return true;
            });
            bench.await(DriverEvent.Kind.DRAINING);
            var caller = Bench.async(bench::answer);
            Bench.await(() -> bench.slot().status().parked() == 1);
            assertFalse(withdrawal.isDone(), "waits for the transaction");

            finish.countDown();

            assertEquals("old", Bench.join(work), "the transaction ends on its own driver");
            assertEquals("new", Bench.join(caller));
            Bench.join(withdrawal);
        }
    }

    @Test
    void acquire_firstUseWithoutAnyFactory_failsAtOnceAndListsTheKnownTypes() {
        try (Bench bench = Bench.patient()) {
            bench.connections.register("other", config -> new TinyDriver("x"));

            var failure = assertThrows(NoDriverException.class, bench::answer);

            assertEquals(Set.of("other"), failure.knownTypes());
            assertTrue(failure.getMessage().contains("type 'tiny' (state UNBOUND)"), failure.getMessage());
            assertTrue(failure.getMessage().contains("registerDriver(\"tiny\", factory)"), failure.getMessage());
            assertEquals("default", failure.connection().orElseThrow());
        }
    }

    @Test
    void acquire_firstUseInAFramework_atTheMomentAFactoryComes_findsIt() throws Exception {
        for (int round = 0; round < 500; round++) {
            try (Bench bench = Bench.patient()) {
                bench.mayBringMore = true;
                var begin = new CyclicBarrier(2);
                var caller = Bench.async(() -> {
                    begin.await();
                    return bench.answer();
                });
                begin.await();
                bench.announce(0, config -> new TinyDriver("came"));

                assertEquals("came", Bench.join(caller), "round " + round);
            }
        }
    }

    @Test
    void acquire_firstUseInAFramework_waitsForAFactory() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.mayBringMore = true;
            var caller = Bench.async(bench::answer);
            Bench.await(() -> bench.slot().status().parked() == 1);

            bench.announce(0, config -> new TinyDriver("late"));

            assertEquals("late", Bench.join(caller));
        }
    }

    @Test
    void acquire_parkedTooLong_failsWithStateAndRemedy() {
        try (Bench bench = Bench.withTimeouts(200, 1000, 1000)) {
            Candidate old = bench.announce(0, config -> new TinyDriver("old"));
            bench.answer();
            bench.registry.withdraw(old);

            var failure = assertThrows(DriverUnavailableException.class, bench::answer);

            assertEquals("UNBOUND", failure.state());
            assertTrue(failure.isRetryable());
            assertTrue(failure.getMessage().contains("after 2"), failure.getMessage());
            assertTrue(failure.getMessage().contains("provides DriverFactory type=tiny"), failure.getMessage());
        }
    }

    @Test
    void acquire_parkedAndInterrupted_failsAndKeepsTheFlag() throws Exception {
        try (Bench bench = Bench.patient()) {
            Candidate old = bench.announce(0, config -> new TinyDriver("old"));
            bench.answer();
            bench.registry.withdraw(old);
            var thread = new AtomicReference<Thread>();
            var caller = Bench.async(() -> {
                thread.set(Thread.currentThread());
                var failure = assertThrows(DriverUnavailableException.class, bench::answer);
                assertTrue(failure.getMessage().contains("clear it before the next call"), failure.getMessage());
                return Thread.currentThread().isInterrupted();
            });
            Bench.await(() -> bench.slot().status().parked() == 1);

            thread.get().interrupt();

            assertTrue(Bench.join(caller));
        }
    }

    @Test
    void acquire_parkedWhenTheOrmCloses_failsAtOnce() throws Exception {
        Bench bench = Bench.patient();
        Candidate old = bench.announce(0, config -> new TinyDriver("old"));
        bench.answer();
        bench.registry.withdraw(old);
        var caller = Bench.async(bench::answer);
        Bench.await(() -> bench.slot().status().parked() == 1);

        bench.close();

        var failure = assertThrows(ExecutionException.class, () -> Bench.join(caller));
        assertInstanceOf(DriverClosedException.class, failure.getCause());
    }
}
