package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.TransactionOptions;
import dev.bunary.orm.swap.DriverEvent;
import dev.bunary.orm.swap.DriverState;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Orders of events that a race meets once in a thousand tries, brought about on purpose. */
@Timeout(60)
class SlotInterleavingsTest {

    private static CompletableFuture<Boolean> withdraw(Bench bench, Candidate candidate) {
        return Bench.async(() -> {
            bench.registry.withdraw(candidate);
            return true;
        });
    }

    @Test
    void openingEnds_afterItsFactoryLeftAndClosedTheDriver_callersGoOn() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.mayBringMore = true;
            var opening = new CountDownLatch(1);
            var goOn = new CountDownLatch(1);
            var driver = new TinyDriver("old");
            Candidate old = bench.announce(0, config -> {
                opening.countDown();
                Bench.await(goOn);
                return driver;
            });
            var caller = Bench.async(bench::answer);
            Bench.await(opening);
            CompletableFuture<Boolean> withdrawal;
            DriverSlot slot = bench.slot();
            Bench.await(() -> slot.status().parked() == 1); // the caller waits for no lock
            slot.state.lock.lock();
            try {
                goOn.countDown();
                Bench.await(() ->
                        slot.state.lock.getQueueLength() == 1); // in the ledger, but its slot does not know it yet
                withdrawal = Bench.async(() -> {
                    bench.retireUnnoticed(old);
                    return true;
                });
                Bench.await(() -> slot.state.lock.getQueueLength() == 2); // closed it, and wants to be forgotten
                assertTrue(driver.isClosed());
            } finally {
                slot.state.lock.unlock();
            }
            Bench.join(withdrawal);
            bench.registry.withdraw(old);

            bench.announce(0, config -> new TinyDriver("new"));

            assertEquals("new", Bench.join(caller));
            assertEquals(1, driver.closes.get());
        }
    }

    @Test
    void handle_keptAcrossASwap_holdsNothingOfTheOldDriver() {
        try (Bench bench = Bench.patient()) {
            var old = new AtomicReference<WeakReference<TinyDriver>>();
            Candidate leaving = bench.announce(0, config -> {
                var driver = new TinyDriver("old");
                old.set(new WeakReference<>(driver));
                return driver;
            });
            DatabaseDriver kept = bench.slot().driver();

            bench.registry.withdraw(leaving);
            bench.announce(0, config -> new TinyDriver("new"));

            assertEquals("new", Bench.answer(kept));
            Bench.await(() -> {
                System.gc();
                return old.get().get() == null;
            });
        }
    }

    @Test
    void withdraw_whileAnotherBeganToClose_givesThatCloseItsGrace() throws Exception {
        try (Bench bench = Bench.withTimeouts(20_000, 1000, 20_000)) {
            var inside = new CountDownLatch(1);
            var finish = new CountDownLatch(1);
            Candidate factory = bench.announce(0, config -> new TinyDriver("hangs in close()") {
                @Override
                public void close() {
                    Bench.await(finish);
                    super.close();
                }
            });
            var work = Bench.async(() -> bench.slot().transaction(TransactionOptions.READ_WRITE, tx -> {
                inside.countDown();
                Bench.await(finish);
                return 1;
            }));
            Bench.await(inside);
            Bench.async(() -> {
                bench.slot().closeDriver();
                return true;
            });
            bench.await(DriverEvent.Kind.DRAINING);
            long begin = System.nanoTime();

            bench.registry.withdraw(factory);

            // the whole drain of the other, and then some: returning at the deadline would leave the driver open
            assertTrue(System.nanoTime() - begin > TimeUnit.MILLISECONDS.toNanos(1500));
            finish.countDown();
            assertThrows(ExecutionException.class, () -> Bench.join(work));
        }
    }

    @Test
    void work_insideAConnectionThatIsClosed_mayUseAnotherOfTheDepartingFactory() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(Map.of("default", Bench.TINY, "second", Bench.TINY));
            DriverSlot other = bench.connections.slot("second");
            Candidate old = bench.announce(0, config -> new TinyDriver("old"));
            bench.answer();
            Bench.answer(other.driver());
            var ending = new AtomicReference<CompletableFuture<Boolean>>();

            String inside = bench.slot().transaction(TransactionOptions.READ_WRITE, tx -> {
                Bench.async(() -> {
                    bench.slot().closeDriver();
                    return true;
                });
                Bench.await(() -> bench.slot().status().state() == DriverState.DRAINING);
                ending.set(withdraw(bench, old)); // in a retirement of its own; nothing replaces it before it ends
                Bench.await(() -> other.status().state() != DriverState.BOUND);
                return Bench.answer(other.driver());
            });

            assertEquals("old", inside);
            Bench.join(ending.get());
        }
    }

    @Test
    void withdraw_ofAFactoryThatHangs_isForgotten() throws Exception {
        try (Bench bench = Bench.withTimeouts(20_000, 100, 300)) {
            var opening = new CountDownLatch(1);
            var goOn = new CountDownLatch(1);
            Candidate hanging = bench.announce(0, config -> {
                opening.countDown();
                Bench.await(goOn);
                return new TinyDriver("late");
            });
            var caller = Bench.async(bench::answer);
            Bench.await(opening);

            bench.registry.withdraw(hanging);
            bench.announce(0, config -> new TinyDriver("next"));

            assertEquals("next", Bench.join(caller));
            goOn.countDown();
            assertFalse(bench.told().stream().anyMatch(event -> event.kind() == DriverEvent.Kind.QUARANTINED));
        }
    }

    @Test
    void withdraw_whileItsFactoryHangsForAnotherConnection_drainsAtOnce() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(Map.of("default", Bench.TINY, "second", Bench.TINY));
            var hangs = new CountDownLatch(1);
            var goOn = new CountDownLatch(1);
            var finish = new CountDownLatch(1);
            var late = new TinyDriver("late");
            var first = new TinyDriver("first");
            Candidate factory = bench.announce(0, config -> {
                if (hangs.getCount() == 1 && !bench.slot().status().state().equals(DriverState.BOUND)) {
                    return first;
                }
                hangs.countDown();
                Bench.await(goOn);
                return late;
            });
            bench.answer();
            var work = Bench.async(() -> bench.slot().transaction(TransactionOptions.READ_WRITE, tx -> {
                Bench.await(finish);
                return Bench.answer(tx);
            }));
            Bench.await(() -> bench.slot().status().leases() == 1);
            Bench.async(() -> bench.connections.slot("second").driver());
            Bench.await(hangs);

            var withdrawal = withdraw(bench, factory);
            Bench.await(() -> bench.slot().status().state() == DriverState.DRAINING);
            finish.countDown();
            assertEquals("first", Bench.join(work));
            Bench.await(first::isClosed);
            assertFalse(withdrawal.isDone(), "waits for what hangs");
            goOn.countDown();

            Bench.join(withdrawal);
            assertTrue(late.isClosed());
        }
    }

    @Test
    void slot_configuredAfterTheOrmClosed_opensNothing() {
        Bench bench = Bench.patient();
        bench.announce(0, config -> new TinyDriver("a"));
        bench.close();

        bench.configure(Map.of("late", Bench.TINY));

        assertThrows(
                DriverClosedException.class,
                () -> bench.connections.slot("late").driver());
    }

    @Test
    void listener_thatThrowsAnError_isToldOfTheNextEventToo() throws Exception {
        try (Bench bench = Bench.patient()) {
            var first = new CountDownLatch(1);
            var second = new CountDownLatch(2);
            bench.connections.listen(event -> {
                first.countDown();
                second.countDown();
                throw new AssertionError("on purpose");
            });
            bench.announce(0, config -> new TinyDriver("a"));
            bench.answer();
            Bench.await(first);

            bench.configure(DatabaseConfig.of("tiny", Map.of("path", "b")));
            bench.answer();

            Bench.await(second);
        }
    }

    /** Otherwise a program that deletes its database after closing the Orm finds the file still open. */
    @Test
    void close_whileADriverIsOpened_returnsWhenThatOneIsClosed() throws Exception {
        Bench bench = Bench.patient();
        var driver = new TinyDriver("late");
        var opening = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        bench.announce(0, config -> {
            opening.countDown();
            Bench.await(goOn);
            return driver;
        });
        var caller = Bench.async(bench::answer);
        Bench.await(opening);
        var close = Bench.async(() -> {
            bench.close();
            return driver.isClosed();
        });
        var failure = assertThrows(ExecutionException.class, () -> Bench.join(caller));
        assertInstanceOf(DriverClosedException.class, failure.getCause());
        goOn.countDown();

        assertTrue(Bench.join(close), "close() returned before the driver was closed");
    }
}
