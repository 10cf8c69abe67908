package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverSwappedException;
import dev.bunary.orm.driver.TransactionStateException;
import dev.bunary.orm.swap.DriverEvent;
import dev.bunary.orm.swap.DriverState;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Promises 5, 6 and 8: work ends on its own driver, or at the deadline, and never waits for itself. */
@Timeout(60)
class WorkInFlightTest {

    // ---- promise 5: work in flight

    @Test
    void stream_whoseBodyQueriesAgain_doesNotDeadlockWithTheDrain() throws Exception {
        try (Bench bench = Bench.patient()) {
            Candidate old = bench.announce(1, config -> new TinyDriver("old"));
            bench.announce(0, config -> new TinyDriver("new"));
            DatabaseDriver driver = bench.slot().driver();
            Stream<String> stream = driver.query("x").stream(columns -> row -> row.getString(0));
            var withdrawal = Bench.async(() -> {
                bench.registry.withdraw(old);
                return true;
            });
            bench.await(DriverEvent.Kind.DRAINING);

            String nested = Bench.answer(driver);
            List<String> rows = stream.toList();

            assertEquals("old", nested, "work inside the stream stays on the stream's driver");
            assertEquals(List.of("old"), rows);
            Bench.join(withdrawal);
            assertEquals("new", Bench.answer(driver));
        }
    }

    /** Whoever reads a stream works on it, whoever opened it. */
    @Test
    void stream_readOnAnotherThread_whoseBodyQueriesAgain_doesNotDeadlockWithTheDrain() throws Exception {
        try (Bench bench = Bench.patient()) {
            Candidate old = bench.announce(1, config -> new TinyDriver("old"));
            bench.announce(0, config -> new TinyDriver("new"));
            DatabaseDriver driver = bench.slot().driver();
            Stream<String> stream = driver.query("x").stream(columns -> row -> row.getString(0));
            var withdrawal = new AtomicReference<CompletableFuture<Boolean>>();

            List<String> inside = Bench.join(Bench.async(() -> stream.map(row -> {
                        withdrawal.set(Bench.async(() -> {
                            bench.registry.withdraw(old);
                            return true;
                        }));
                        Bench.await(() -> bench.slot().status().state() == DriverState.DRAINING);
                        return Bench.answer(driver);
                    })
                    .toList()));

            assertEquals(List.of("old"), inside);
            Bench.join(withdrawal.get());
            assertEquals("new", Bench.answer(driver));
        }
    }

    @Test
    void stream_onOneConnection_mayUseAnotherConnectionOfTheDepartingFactory() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(Map.of("default", Bench.TINY, "second", Bench.TINY));
            var second = new AtomicReference<TinyDriver>();
            Candidate old = bench.announce(1, config -> {
                var driver = new TinyDriver("old");
                second.set(driver);
                return driver;
            });
            bench.announce(0, config -> new TinyDriver("new"));
            DriverSlot other = bench.connections.slot("second");
            bench.answer();
            Bench.answer(other.driver());
            var withdrawal = new AtomicReference<CompletableFuture<Boolean>>();

            String inside = bench.transaction(tx -> {
                withdrawal.set(Bench.async(() -> {
                    bench.registry.withdraw(old);
                    return true;
                }));
                Bench.await(() -> other.status().state() == DriverState.DRAINING);
                return Bench.answer(other.driver());
            });

            assertEquals("old", inside);
            Bench.join(withdrawal.get());
            assertEquals(0, second.get().usesAfterClose.get());
        }
    }

    @Test
    void transaction_joinedByTheSameThread_notByAnother() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.announce(0, config -> new TinyDriver("a"));
            bench.transaction(tx -> {
                assertSame(tx, driverOfALease(bench));
                assertNotSame(tx, Bench.async(() -> driverOfALease(bench)).join());
                return 1;
            });
            assertFalse(bench.slot().isInTransaction());
        }
    }

    private static DatabaseDriver driverOfALease(Bench bench) {
        Lease lease = bench.slot().acquire();
        try {
            return lease.driver();
        } finally {
            lease.release();
        }
    }

    @Test
    void transaction_usedAfterItsEndOrOnAnotherThread_throws() {
        try (Bench bench = Bench.patient()) {
            bench.announce(0, config -> new TinyDriver("a"));
            var kept = new AtomicReference<DatabaseDriver>();
            bench.transaction(tx -> {
                kept.set(tx);
                var failure = assertThrows(ExecutionException.class, () -> Bench.join(Bench.async(() -> tx.exec("x"))));
                assertInstanceOf(TransactionStateException.class, failure.getCause());
                return 1;
            });
            assertThrows(TransactionStateException.class, () -> kept.get().exec("x"));
            assertThrows(TransactionStateException.class, () -> kept.get().query("x"));
        }
    }

    // ---- promise 6: bounded

    @Test
    void withdraw_whileATransactionNeverEnds_forcesItAtTheDeadline() throws Exception {
        try (Bench bench = Bench.withTimeouts(20_000, 200, 20_000)) {
            var old = new TinyDriver("old");
            Candidate factory = bench.announce(0, config -> old);
            var inside = new CountDownLatch(1);
            var finish = new CountDownLatch(1);
            var work = Bench.async(() -> bench.transaction(tx -> {
                inside.countDown();
                Bench.await(finish);
                return 1; // swallows nothing, sees nothing: must not be committed all the same
            }));
            Bench.await(inside);

            bench.registry.withdraw(factory);

            assertTrue(old.isClosed());
            String told = bench.await(DriverEvent.Kind.FORCED).message();
            assertTrue(told.matches("(?s).*held by thread '.*' for \\d+ ms\\R    at .*WorkInFlightTest.*"), told);
            assertEquals(2, told.split("held by thread").length, "the one holder, once: " + told);
            finish.countDown();
            var failure = assertThrows(ExecutionException.class, () -> Bench.join(work));
            var swapped = assertInstanceOf(DriverSwappedException.class, failure.getCause());
            assertTrue(swapped.isOutcomeKnown());
            assertEquals(1, swapped.generation());
        }
    }

    @Test
    void withdraw_whileInterrupted_drainsAllTheSameAndKeepsTheFlag() throws Exception {
        try (Bench bench = Bench.patient()) {
            Candidate factory = bench.announce(0, config -> new TinyDriver("a"));
            var inside = new CountDownLatch(1);
            var finish = new CountDownLatch(1);
            var work = Bench.async(() -> bench.transaction(tx -> {
                inside.countDown();
                Bench.await(finish);
                return 1;
            }));
            Bench.await(inside);
            var withdrawal = Bench.async(() -> {
                Thread.currentThread().interrupt();
                bench.registry.withdraw(factory);
                return Thread.currentThread().isInterrupted();
            });
            bench.await(DriverEvent.Kind.DRAINING);
            finish.countDown();
            assertEquals(1, Bench.join(work));
            assertTrue(Bench.join(withdrawal));
        }
    }

    // ---- promise 8: no self-deadlock

    @Test
    void withdraw_fromInsideItsOwnTransaction_rollsItBackAtOnce() {
        try (Bench bench = Bench.patient()) {
            Candidate factory = bench.announce(0, config -> new TinyDriver("a"));

            var failure = assertThrows(
                    DriverSwappedException.class,
                    () -> bench.transaction(tx -> {
                        bench.registry.withdraw(factory);
                        return 1;
                    }));

            assertTrue(failure.isOutcomeKnown());
        }
    }
}
