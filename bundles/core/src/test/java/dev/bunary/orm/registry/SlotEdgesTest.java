package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.Orm;
import dev.bunary.orm.OrmConfig;
import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.SwapStrategy;
import dev.bunary.orm.driver.TransactionOptions;
import dev.bunary.orm.swap.DriverEvent.Kind;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Changes that come while something else is under way, and factories that fail at a bad moment. */
@Timeout(60)
class SlotEdgesTest {

    private static DatabaseConfig password(String password) {
        return DatabaseConfig.of("tiny", Map.of("path", "a", "password", password));
    }

    private record Fake(
            Function<DatabaseConfig, DatabaseDriver> opener, boolean data, SwapStrategy itself, SwapStrategy others)
            implements DriverFactory {
        @Override
        public DatabaseDriver create(DatabaseConfig config) {
            return opener.apply(config);
        }

        @Override
        public boolean holdsData(DatabaseConfig config) {
            return data;
        }

        @Override
        public SwapStrategy swapStrategy(DatabaseConfig config) {
            return others;
        }

        @Override
        public SwapStrategy reconfigureStrategy(DatabaseConfig before, DatabaseConfig after) {
            return itself;
        }
    }

    private static DriverFactory memory(Function<DatabaseConfig, DatabaseDriver> opener) {
        return new Fake(opener, true, SwapStrategy.OVERLAP, SwapStrategy.EXCLUSIVE);
    }

    private static DriverFactory embedded(Function<DatabaseConfig, DatabaseDriver> opener) {
        return new Fake(opener, false, SwapStrategy.OVERLAP, SwapStrategy.EXCLUSIVE);
    }

    @Test
    void configure_tuningOfADriverThatHoldsData_doesNotSilentlyCloseIt() {
        try (Bench bench = Bench.patient()) {
            var first = new TinyDriver("first");
            var opened = new AtomicInteger();
            bench.announce(
                    0, memory(config -> opened.incrementAndGet() == 1 ? first : new TinyDriver("second, empty")));
            DatabaseDriver handle = bench.slot().driver();

            bench.configure(password("new"));

            String answer;
            try {
                answer = Bench.answer(handle);
            } catch (RuntimeException named) {
                assertTrue(named.getMessage().contains("data"), named.getMessage()); // a named loss would do, too
                return;
            }
            assertEquals("first", answer);
        }
    }

    @Test
    void openingEnds_ofADriverThatHoldsData_afterItsFactoryLeft_losesNothing() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.mayBringMore = true;
            var opening = new CountDownLatch(1);
            var goOn = new CountDownLatch(1);
            var closing = new CountDownLatch(1);
            var mayClose = new CountDownLatch(1);
            Candidate old = bench.announce(0, memory(config -> {
                opening.countDown();
                Bench.await(goOn);
                return new TinyDriver("old") {
                    @Override
                    public void close() {
                        closing.countDown();
                        Bench.await(mayClose);
                        super.close();
                    }
                };
            }));
            var caller = Bench.async(bench::answer);
            Bench.await(opening);
            DriverSlot slot = bench.slot();
            Bench.await(() -> slot.status().parked() == 1); // the caller waits for no lock
            CompletableFuture<Boolean> withdrawal;
            slot.state.lock.lock();
            try {
                goOn.countDown();
                Bench.await(() -> slot.state.lock.getQueueLength() == 1);
                withdrawal = Bench.async(() -> {
                    bench.retireUnnoticed(old);
                    return true;
                });
                Bench.await(closing);
            } finally {
                slot.state.lock.unlock();
            }
            Bench.await(() -> slot.status().state().name().equals("DRAINING"));
            mayClose.countDown();
            Bench.join(withdrawal);
            bench.registry.withdraw(old);
            bench.announce(0, memory(config -> new TinyDriver("new")));

            assertEquals("new", Bench.join(caller));
        }
    }

    @Test
    void openingEnds_afterItsFactoryLeftAndCouldNotCloseTheDriver_resetHelps() throws Exception {
        try (Bench bench = Bench.withTimeouts(3_000, 20_000, 20_000)) {
            bench.mayBringMore = true;
            var opening = new CountDownLatch(1);
            var goOn = new CountDownLatch(1);
            Candidate old = bench.announce(0, config -> {
                opening.countDown();
                Bench.await(goOn);
                return new TinyDriver("old") {
                    @Override
                    public void close() {
                        throw new IllegalStateException("close is broken");
                    }
                };
            });
            var caller = Bench.async(bench::answer);
            Bench.await(opening);
            DriverSlot slot = bench.slot();
            Bench.await(() -> slot.status().parked() == 1); // the caller waits for no lock
            slot.state.lock.lock();
            try {
                goOn.countDown();
                Bench.await(() -> slot.state.lock.getQueueLength() == 1);
                var withdrawal = Bench.async(() -> {
                    bench.retireUnnoticed(old);
                    return true;
                });
                Bench.await(() -> slot.state.lock.getQueueLength() == 2); // done, and wants to be forgotten
                assertTrue(!withdrawal.isDone());
            } finally {
                slot.state.lock.unlock();
            }
            bench.registry.withdraw(old);
            caller.handle((answer, failure) -> true).get(20, TimeUnit.SECONDS);
            bench.slot().resetDriver();
            bench.announce(0, Bench.overlapping(config -> new TinyDriver("new")));

            assertEquals("new", bench.answer(), () -> "state " + slot.status().state());
        }
    }

    @Test
    void overlap_theBestHangs_theNextBestTakesOver() {
        var end = new CountDownLatch(1);
        try (Bench bench = Bench.withTimeouts(20_000, 2_000, 200)) {
            bench.announce(0, Bench.overlapping(config -> new TinyDriver("old")));
            DatabaseDriver handle = bench.slot().driver();
            bench.announce(2, Bench.overlapping(config -> {
                Bench.await(end);
                return new TinyDriver("late");
            }));
            bench.announce(1, Bench.overlapping(config -> new TinyDriver("next best")));
            bench.slot().driver(); // waits for the time-out, and gives up on the hung one

            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
            while (!Bench.answer(handle).equals("next best") && System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            assertEquals("next best", Bench.answer(handle));
        } finally {
            end.countDown();
        }
    }

    @Test
    void exclusive_aBetterFactoryRefusesTheConfiguration_theOneThatServedGoesOn() {
        try (Bench bench = Bench.patient()) {
            bench.announce(0, config -> new TinyDriver("served"));
            assertEquals("served", bench.answer());

            bench.announce(1, config -> {
                throw new ConfigurationException("tiny has no property 'path'");
            });

            Bench.await(() -> !bench.slot().status().state().name().equals("BOUND")
                    || bench.told().stream().anyMatch(event -> event.kind() == Kind.DRAINING));
            assertEquals("served", bench.answer());
        }
    }

    @Test
    void configure_wrongly_whileALowerFactoryIsThere_theServingDriverStays() throws Exception {
        try (Bench bench = Bench.patient()) {
            var serving = new TinyDriver("serving");
            bench.announce(0, embedded(config -> new TinyDriver("older copy")));
            bench.announce(1, embedded(config -> {
                if (config.find("password").isPresent()) {
                    throw new IllegalStateException("locked");
                }
                return serving;
            }));
            assertEquals("serving", bench.answer());

            bench.configure(password("any"));

            bench.await(Kind.QUARANTINED);
            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(80);
            while (!serving.isClosed() && System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            assertTrue(!serving.isClosed(), "a failed opening beside evicted the driver that served");
        }
    }

    @Test
    void overlap_theBestFailedInAnEmptySlot_isTriedAgainWhileAnotherServes() {
        try (Bench bench = Bench.patient()) {
            var tries = new AtomicInteger();
            bench.announce(0, Bench.overlapping(config -> new TinyDriver("stand-in")));
            bench.announce(1, Bench.overlapping(config -> {
                if (tries.incrementAndGet() == 1) {
                    throw new IllegalStateException("the server is not up yet");
                }
                return new TinyDriver("best");
            }));
            DatabaseDriver handle = bench.slot().driver();
            assertEquals("stand-in", Bench.answer(handle));

            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
            while (!Bench.answer(handle).equals("best") && System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            assertEquals("best", Bench.answer(handle), () -> "tries " + tries.get());
        }
    }

    @Test
    void driver_onAThreadThatMustNotWait_whileAnotherIsOpenedBeside_returnsAtOnce() throws Exception {
        var end = new CountDownLatch(1);
        try (Bench bench = Bench.patient()) {
            bench.announce(0, Bench.overlapping(config -> new TinyDriver("old")));
            bench.answer();
            bench.announce(1, Bench.overlapping(config -> {
                Bench.await(end);
                return new TinyDriver("new");
            }));
            bench.registry.feedBy(new Feeder() {
                @Override
                public boolean mayPark() {
                    return false;
                }
            });

            var asked = Bench.async(() -> Bench.answer(bench.slot().driver()));

            assertEquals("old", asked.get(2, TimeUnit.SECONDS));
        } finally {
            end.countDown();
        }
    }

    @Test
    void driver_interrupted_whileAnotherIsOpenedBeside_isTheServingOne() throws Exception {
        var end = new CountDownLatch(1);
        try (Bench bench = Bench.patient()) {
            bench.announce(0, Bench.overlapping(config -> new TinyDriver("old")));
            bench.answer();
            bench.announce(1, Bench.overlapping(config -> {
                Bench.await(end);
                return new TinyDriver("new");
            }));

            var asked = Bench.async(() -> {
                Thread.currentThread().interrupt();
                return Bench.answer(bench.slot().driver());
            });

            assertEquals("old", asked.get(2, TimeUnit.SECONDS));
        } finally {
            end.countDown();
        }
    }

    @Test
    void handleClose_afterItsConsumerWasReleased_leavesTheOthersAlone() {
        try (Bench bench = Bench.patient()) {
            var driver = new TinyDriver("shared");
            bench.announce(0, config -> driver);
            var gone = new ConsumerScope("bundle gone [1]");
            DatabaseDriver other = bench.slot().driver();
            DatabaseDriver left = gone.connection(bench.slot()).driver();
            gone.close();

            try {
                left.close();
            } catch (RuntimeException refused) {
                assertTrue(refused.getMessage().contains("released"), refused.getMessage());
            }

            assertTrue(!driver.isClosed());
            assertEquals("shared", Bench.answer(other));
        }
    }

    private record Copy(Object copy, Function<DatabaseConfig, DatabaseDriver> opener) implements DriverFactory {
        @Override
        public DatabaseDriver create(DatabaseConfig config) {
            return opener.apply(config);
        }

        @Override
        public Object engineCopy(DatabaseConfig config) {
            return copy;
        }
    }

    @Test
    void withdraw_whileItsFactoryWaitsForAnEngine_createIsNotCalledAfterwards() throws Exception {
        try (Bench bench = Bench.withTimeouts(20_000, 500, 20_000)) {
            bench.mayBringMore = true;
            Candidate first = bench.announce(0, new Copy("copy 1", config -> new TinyDriver("first")));
            DatabaseDriver holder = bench.connections.open(Bench.TINY);
            var created = new AtomicInteger();
            Candidate second = bench.announce(1, new Copy("copy 2", config -> {
                created.incrementAndGet();
                return new TinyDriver("second");
            }));
            var caller = Bench.async(bench::answer);
            Bench.await(() -> bench.slot().status().parked() == 1);

            long begun = System.nanoTime();
            bench.registry.withdraw(second);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
            holder.close();
            Bench.join(caller);

            assertEquals(0, created.get(), () -> "create() after withdraw() had returned, in " + millis + " ms");
        }
    }

    @Test
    void configure_whileAnotherThreadIsStillApplyingAnEarlierOne_leadsToTheLatest() throws Exception {
        var applying = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var slow = new AtomicReference<Thread>();
        try (Orm orm = Orm.create(config("a"))) {
            orm.registerDriver("tiny", new DriverFactory() {
                @Override
                public DatabaseDriver create(DatabaseConfig config) {
                    return new TinyDriver(config.require("path"));
                }

                @Override
                public boolean serves(DatabaseConfig config) {
                    if (Thread.currentThread() == slow.get()) {
                        applying.countDown();
                        Bench.await(goOn);
                    }
                    return true;
                }
            });
            assertEquals("a", Bench.answer(orm.getDriver()));
            var first = Bench.async(() -> {
                slow.set(Thread.currentThread());
                orm.configure(config("b"));
                return Bench.answer(orm.getDriver()); // at once: it may have come too late
            });
            Bench.await(applying);
            orm.configure(config("c"));
            goOn.countDown();

            assertEquals("c", Bench.join(first));
            assertEquals("c", orm.config().connections().get("default").require("path"));
        }
    }

    private static OrmConfig config(String path) {
        return OrmConfig.of(DatabaseConfig.of("tiny", Map.of("path", path)));
    }

    @Test
    void overlap_aThirdFactoryComesDuringTheOpening_isNotHeldUpByTheDrainOfTheFirst() {
        try (Bench bench = Bench.withTimeouts(20_000, 6_000, 20_000)) {
            var opening = new CountDownLatch(1);
            var goOn = new CountDownLatch(1);
            bench.announce(0, Bench.overlapping(config -> new TinyDriver("first")));
            DatabaseDriver handle = bench.slot().driver();
            bench.slot().transaction(TransactionOptions.READ_WRITE, tx -> {
                bench.announce(1, Bench.overlapping(config -> {
                    opening.countDown();
                    Bench.await(goOn);
                    return new TinyDriver("second");
                }));
                Bench.await(opening);
                bench.announce(2, Bench.overlapping(config -> new TinyDriver("third")));
                goOn.countDown();
                long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
                String answer = "";
                while (!answer.equals("third") && System.nanoTime() < until) {
                    answer = Bench.async(() -> Bench.answer(handle)).join();
                }
                assertEquals("third", answer);
                return true;
            });
        }
    }

    @Test
    void withdraw_afterTheOrmClosed_leavesNothingOfTheFactoryInItsQuarantine() throws Exception {
        Bench bench = Bench.patient();
        var kept = failedFactory(bench);
        bench.close();
        bench.registry.shutDown();

        Bench.await(() -> {
            System.gc();
            return kept.refersTo(null);
        });
        Reference.reachabilityFence(bench);
    }

    @Test
    void withdraw_ofAFactoryInQuarantine_leavesNothingOfItInAnOpenOrm() throws Exception {
        try (Bench bench = Bench.patient()) {
            var kept = failedFactory(bench);
            bench.registry.withdraw(bench.registry.announced().get(0));

            Bench.await(() -> {
                System.gc();
                return kept.refersTo(null);
            });
        }
    }

    private static WeakReference<Object> failedFactory(Bench bench) {
        Object marker = new Object();
        bench.announce(0, config -> {
            throw new IllegalStateException("on purpose " + marker.hashCode());
        });
        try {
            bench.answer();
        } catch (RuntimeException expected) {
            // it is in quarantine now
        }
        return new WeakReference<>(marker);
    }
}
