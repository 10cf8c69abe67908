package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverFactory;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Promise 8: code of a driver is not run with a lock held, and what it answered is not kept too long. */
@Timeout(60)
class ForeignCodeTest {
    private record Asked(String name, BooleanSupplier answer) implements DriverFactory {
        @Override
        public DatabaseDriver create(DatabaseConfig config) {
            return new TinyDriver(name);
        }

        @Override
        public boolean serves(DatabaseConfig config) {
            return answer.getAsBoolean();
        }
    }

    @Test
    void serves_ofAFactoryThatComesWhileAnotherLeaves_isNotAskedUnderTheSlotsLock() throws Exception {
        try (Bench bench = Bench.patient()) {
            Candidate old = bench.announce(0, config -> new TinyDriver("old"));
            bench.answer();
            DriverSlot slot = bench.slot();
            var asked = new CountDownLatch(1);
            var goOn = new CountDownLatch(1);
            var underLock = new AtomicBoolean();
            var first = new AtomicBoolean(true);
            var coming = Bench.async(() -> bench.announce(1, new Asked("new", () -> {
                if (first.compareAndSet(true, false)) {
                    asked.countDown();
                    Bench.await(goOn); // such as for the framework
                }
                if (slot.state.lock.isHeldByCurrentThread()) {
                    underLock.set(true);
                }
                return true;
            })));
            Bench.await(asked);

            bench.registry.withdraw(old);

            goOn.countDown();
            Bench.join(coming);
            assertEquals("new", bench.answer());
            assertFalse(underLock.get(), "serves() was called with the slot's lock held");
        }
    }

    @Test
    void serves_askedWhileItsServiceIsModified_theAnswerFromBeforeIsNotKept() throws Exception {
        try (Bench bench = Bench.patient()) {
            var asked = new CountDownLatch(1);
            var goOn = new CountDownLatch(1);
            var calls = new AtomicInteger();
            var coming = Bench.async(() -> bench.announce(0, new Asked("any", () -> {
                if (calls.incrementAndGet() > 1) {
                    return true;
                }
                asked.countDown();
                Bench.await(goOn);
                return false; // by what the service's properties were when it was asked
            })));
            Bench.await(asked);
            bench.registry.announceAgain(bench.registry.announced().get(0), Set.of("tiny"), 0);
            goOn.countDown();
            Bench.join(coming);

            assertEquals("any", bench.answer());
        }
    }

    /** Otherwise a factory that serves would lose its connections for an answer that was noted elsewhere. */
    @Test
    void serves_askedWhileItsServiceIsModified_givesWhatTheFactoryAnswered() throws Exception {
        var asked = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var factory = new Asked("any", () -> {
            asked.countDown();
            Bench.await(goOn);
            return true;
        });
        var candidate = new Candidate(
                new FactorySource(factory, Set.of("tiny"), 0, "test", "", "test", 0, 0), new DriverRegistry(), null);
        var answer = Bench.async(() -> candidate.serves(Bench.TINY));
        Bench.await(asked);

        candidate.announceAgain(Set.of("tiny"), 1);
        goOn.countDown();

        assertTrue(Bench.join(answer));
    }

    @Test
    void openingEnds_afterItsFactoryLeftAndCouldNotCloseTheDriver_theFailureIsNotReadUnderTheSlotsLock()
            throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.mayBringMore = true;
            DriverSlot slot = bench.slot();
            var underLock = new AtomicBoolean();
            var opening = new CountDownLatch(1);
            var goOn = new CountDownLatch(1);
            Candidate old = bench.announce(0, config -> {
                opening.countDown();
                Bench.await(goOn);
                return new TinyDriver("old") {
                    @Override
                    public void close() {
                        throw new IllegalStateException() {
                            private static final long serialVersionUID = 1L;

                            @Override
                            public String getMessage() {
                                if (slot.state.lock.isHeldByCurrentThread()) {
                                    underLock.set(true);
                                }
                                return "close is broken";
                            }
                        };
                    }
                };
            });
            Bench.async(bench::answer);
            Bench.await(opening);
            Bench.await(() -> slot.status().parked() == 1); // the caller waits for no lock
            slot.state.lock.lock();
            try {
                goOn.countDown();
                Bench.await(() -> slot.state.lock.getQueueLength() >= 1); // in the ledger, but not in its slot
                Bench.async(() -> {
                    bench.retireUnnoticed(old);
                    return true;
                });
                Bench.await(() -> slot.state.lock.getQueueLength() >= 2); // closed, and wants to be forgotten
            } finally {
                slot.state.lock.unlock();
            }

            Bench.await(() -> slot.status().state().name().equals("STUCK"));
            assertFalse(underLock.get(), "getMessage() was called with the slot's lock held");
        }
    }
}
