package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.DriverSwappedException;
import dev.bunary.orm.driver.DriverUnavailableException;
import dev.bunary.orm.swap.DriverState;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Promises 5 and 8: who closes a driver for work in flight, and who waits for that. */
@Timeout(60)
class OwnDriverEndTest extends OwnDrivers {
    @Test
    void work_thatIsGivenUpWhileItsOwnDriverOpens_leavesNothingOpen() throws Exception {
        try (Bench bench = Bench.withTimeouts(20_000, 300, 20_000)) {
            bench.configure(TWO);
            var opening = new CountDownLatch(1);
            var create = new CountDownLatch(1);
            Candidate old = bench.announce(0, config -> {
                if (!opened.isEmpty()) {
                    opening.countDown();
                    Bench.await(create);
                }
                return openOld(config);
            });
            DriverSlot second = bench.connections.slot("second");
            bench.answer();
            var leaves = new CountDownLatch(1);
            var work = workThatWaits(bench.slot(), leaves, tx -> Bench.answer(second.driver()));
            var withdrawal = withdraw(bench, old);
            awaitState(bench.slot(), DriverState.DRAINING);
            leaves.countDown();
            Bench.await(opening);

            Bench.join(withdrawal);
            create.countDown();

            var failure = assertThrows(ExecutionException.class, () -> Bench.join(work));
            Throwable told =
                    failure.getCause(); // by whoever notices the deadline first: the swap, or the wait in the work
            assertInstanceOf(
                    DriverUnavailableException.class, told instanceof DriverSwappedException ? told.getCause() : told);
            Bench.await(() -> opened.size() == 2 && opened.get(1).isClosed());
            assertAllClosedAfterUse();
        }
    }

    /** It came for work on a driver that was only replaced; it is the factory's all the same. */
    @Test
    void factory_thatDepartsMeanwhile_waitsForTheDriverOfWorkInFlightToo() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(TWO);
            var closing = new CountDownLatch(1);
            var mayClose = new CountDownLatch(1);
            Candidate old = bench.announce(0, config -> {
                var driver = opened.isEmpty()
                        ? new TinyDriver("old")
                        : new TinyDriver("own") {
                            @Override
                            public void close() {
                                closing.countDown();
                                Bench.await(mayClose);
                                super.close();
                            }
                        };
                opened.add(driver);
                return driver;
            });
            DriverSlot second = bench.connections.slot("second");
            bench.answer();

            CompletableFuture<Boolean> departure = bench.transaction(tx -> {
                bench.announce(1, Bench.secondCopy(() -> new TinyDriver("new")));
                awaitState(bench.slot(), DriverState.DRAINING);
                assertEquals("own", Bench.answer(second.driver()));
                return Bench.async(() -> {
                    bench.registry.withdraw(old);
                    return opened.get(1).isClosed();
                });
            });

            Bench.await(closing);
            Bench.await(() -> opened.get(0).isClosed());
            assertThrows(TimeoutException.class, () -> departure.get(200, TimeUnit.MILLISECONDS));
            mayClose.countDown();
            assertTrue(Bench.join(departure));
            assertEquals("new", Bench.answer(second.driver()));
        }
    }

    @Test
    void close_ofAnOrmWithADriverForWorkOfAnother_returnsWhenThatIsClosed() throws Exception {
        try (Bench bench = Bench.patient()) {
            Connections another = bench.registry.connect(bench.connections.timeouts());
            another.configure(1, TWO, another.timeouts());
            Candidate old = bench.announce(1, this::openOld);
            var closes = new CompletableFuture<CompletableFuture<Boolean>>();

            CompletableFuture<Boolean> withdrawal = bench.transaction(tx -> {
                CompletableFuture<Boolean> running = withdraw(bench, old);
                awaitState(bench.slot(), DriverState.DRAINING);
                DatabaseDriver own = another.slot("second").driver();
                assertEquals("old", Bench.answer(own));
                closes.complete(Bench.async(() -> {
                    another.close();
                    return opened.get(1).isClosed();
                }));
                assertThrows(TimeoutException.class, () -> Bench.join(closes).get(200, TimeUnit.MILLISECONDS));
                return running;
            });

            assertTrue(Bench.join(Bench.join(closes)));
            Bench.join(withdrawal);
            assertAllClosedAfterUse();
        }
    }

    @Test
    void configure_withoutAConnectionWhoseOwnDriverIsBeingOpened_returnsWhenThatIsClosed() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(TWO);
            var opening = new CountDownLatch(1);
            var mayOpen = new CountDownLatch(1);
            Candidate old = bench.announce(1, config -> {
                if (!opened.isEmpty()) {
                    opening.countDown();
                    Bench.await(mayOpen);
                }
                return openOld(config);
            });
            DriverSlot second = bench.connections.slot("second");
            bench.answer();
            var leaves = new CountDownLatch(1);
            var work = workThatWaits(
                    bench.slot(), leaves, tx -> assertThrows(ConfigurationException.class, second::driver));
            var withdrawal = withdraw(bench, old);
            awaitState(bench.slot(), DriverState.DRAINING);
            leaves.countDown();
            Bench.await(opening);

            var configuration = Bench.async(() -> {
                bench.configure(Bench.TINY);
                return opened.size() == 2 && opened.get(1).isClosed();
            });

            Bench.join(work);
            assertThrows(TimeoutException.class, () -> configuration.get(200, TimeUnit.MILLISECONDS));
            mayOpen.countDown();
            assertTrue(Bench.join(configuration));
            Bench.join(withdrawal);
            assertAllClosedAfterUse();
        }
    }

    /** It would wait for itself. */
    @Test
    void close_insideTheWorkThatHasTheDriver_doesNotWaitForIt() throws Exception {
        try (Bench bench = Bench.patient()) {
            Connections another = bench.registry.connect(bench.connections.timeouts());
            another.configure(1, TWO, another.timeouts());
            Candidate old = bench.announce(1, this::openOld);

            withdrawUnder(bench, old, tx -> {
                assertEquals("old", Bench.answer(another.slot("second").driver()));
                another.close();
                assertEquals("old", Bench.answer(tx), "and goes on");
            });

            assertAllClosedAfterUse();
            assertNothingForced(bench);
        }
    }

    /** Both leave together, so the second is closed when the work on the first has ended. */
    @Test
    void closeDriver_insideWorkOnAnotherDriverOfItsGroup_doesNotWaitForThatWork() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(TWO);
            Candidate old = bench.announce(1, this::openOld);
            DriverSlot second = bench.connections.slot("second");
            Bench.answer(second.driver());

            CompletableFuture<Boolean> withdrawal = bench.transaction(tx -> {
                CompletableFuture<Boolean> running = withdraw(bench, old);
                awaitState(second, DriverState.DRAINING);
                awaitState(bench.slot(), DriverState.DRAINING);
                second.closeDriver();
                assertEquals("old", Bench.answer(tx), "and goes on");
                return running;
            });

            Bench.join(withdrawal);
            assertAllClosedAfterUse();
            assertNothingForced(bench);
        }
    }

    /** Its classes go: so it is closed then, though the group in which it leaves waited for this very work. */
    @Test
    void withdraw_insideWorkOnAnotherDriverOfTheGroup_returnsWhenAllOfTheFactoryIsClosed() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(Map.of("default", Bench.TINY, "other", DatabaseConfig.of("other", Map.of("path", "b"))));
            bench.announce(1, this::openOld);
            var driver = new TinyDriver("other") {
                @Override
                public void close() {
                    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
                    Bench.await(() -> System.nanoTime() > end);
                    super.close();
                }
            };
            Candidate others = bench.registry.announce(
                    new FactorySource(config -> driver, Set.of("other"), 0, "test", "", "test", 0, 0));
            DriverSlot other = bench.connections.slot("other");
            Bench.answer(other.driver());
            var configuration = new AtomicReference<CompletableFuture<Boolean>>();

            assertThrows(
                    DriverSwappedException.class,
                    () -> bench.transaction(tx -> {
                        configuration.set(Bench.async(() -> {
                            bench.configure(Map.of("third", Bench.TINY));
                            return true;
                        }));
                        awaitState(bench.slot(), DriverState.DRAINING);
                        awaitState(other, DriverState.DRAINING);
                        bench.registry.withdraw(others);
                        assertTrue(driver.isClosed());
                        return tx.exec("x");
                    }));

            Bench.join(configuration.get());
        }
    }

    /** That work is given up, so there is nothing to wait for but the close. */
    @Test
    void closeDriver_insideWorkOnThatDriver_returnsWhenItIsClosedAlsoWhileItsFactoryDeparts() throws Exception {
        try (Bench bench = Bench.patient()) {
            Candidate old = bench.announce(1, config -> {
                var driver = new TinyDriver("old") {
                    @Override
                    public void close() {
                        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
                        Bench.await(() -> System.nanoTime() > end);
                        super.close();
                    }
                };
                opened.add(driver);
                return driver;
            });
            var running = new AtomicReference<CompletableFuture<Boolean>>();

            assertThrows(
                    DriverSwappedException.class,
                    () -> bench.transaction(tx -> {
                        running.set(withdraw(bench, old));
                        awaitState(bench.slot(), DriverState.DRAINING);
                        bench.slot().closeDriver();
                        assertTrue(opened.get(0).isClosed());
                        return tx.exec("x");
                    }));

            Bench.join(running.get());
        }
    }

    /** One more second for close(), as everywhere; and the opening of one factory does not use up the time of another. */
    @Test
    void departure_ofTwoFactories_waitsForTheCloseOfAnOwnDriverThoughAnotherOpeningHangs() throws Exception {
        long drainMillis = 1_000;
        try (Bench bench = Bench.withTimeouts(20_000, drainMillis, 20_000)) {
            DatabaseConfig hanging = DatabaseConfig.of("hanging", Map.of("path", "b"));
            bench.configure(Map.of("default", Bench.TINY, "second", Bench.TINY, "third", hanging));
            var create = new CountDownLatch(1);
            var creating = new CountDownLatch(1);
            var mayClose = new CountDownLatch(1);
            Candidate hangs = bench.registry.announce(new FactorySource(
                    config -> {
                        creating.countDown();
                        Bench.await(create);
                        return new TinyDriver("late");
                    },
                    Set.of("hanging"),
                    0,
                    "test",
                    "",
                    "test",
                    0,
                    0));
            Candidate old = bench.announce(0, config -> openOldOrOneThatClosesOnceMay(mayClose));
            var third = Bench.async(
                    () -> Bench.answer(bench.connections.slot("third").driver()));
            Bench.await(creating);
            bench.answer();

            CompletableFuture<Long> departure = bench.transaction(tx -> {
                bench.announce(1, Bench.secondCopy(() -> new TinyDriver("new")));
                awaitState(bench.slot(), DriverState.DRAINING);
                var running = Bench.async(() -> {
                    long begin = System.nanoTime();
                    bench.registry.withdraw(List.of(hangs, old));
                    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
                });
                Bench.await(old::hasDeparted);
                assertEquals(
                        "own", Bench.answer(bench.connections.slot("second").driver()));
                return running;
            });

            long took = Bench.join(departure);
            mayClose.countDown();
            create.countDown();
            assertTrue(took >= drainMillis + 900, () -> "waited " + took + " ms only");
            assertThrows(ExecutionException.class, () -> Bench.join(third));
        }
    }

    @Test
    void close_ofAnOrm_insideWorkOnAnotherDriverOfTheGroup_doesNotWaitForThatWork() throws Exception {
        try (Bench bench = Bench.patient()) {
            Connections another = bench.registry.connect(bench.connections.timeouts());
            another.configure(1, TWO, another.timeouts());
            Candidate old = bench.announce(1, this::openOld);
            Bench.answer(another.slot("second").driver());

            CompletableFuture<Boolean> withdrawal = bench.transaction(tx -> {
                CompletableFuture<Boolean> running = withdraw(bench, old);
                awaitState(another.slot("second"), DriverState.DRAINING);
                awaitState(bench.slot(), DriverState.DRAINING);
                another.close();
                assertEquals("old", Bench.answer(tx), "and goes on");
                return running;
            });

            Bench.join(withdrawal);
            assertAllClosedAfterUse();
            assertNothingForced(bench);
        }
    }

    @Test
    void ownDriver_whoseCloseHangs_isGivenUpByItsSlot() throws Exception {
        try (Bench bench = Bench.withTimeouts(20_000, 300, 20_000)) {
            Connections another = bench.registry.connect(bench.connections.timeouts());
            another.configure(1, TWO, another.timeouts());
            var mayClose = new CountDownLatch(1);
            Candidate old = bench.announce(1, config -> openOldOrOneThatClosesOnceMay(mayClose));
            DriverSlot second = another.slot("second");

            CompletableFuture<Boolean> withdrawal = bench.transaction(tx -> {
                CompletableFuture<Boolean> running = withdraw(bench, old);
                awaitState(bench.slot(), DriverState.DRAINING);
                assertEquals("own", Bench.answer(second.driver()));
                return running;
            });

            another.close();
            Bench.join(withdrawal);
            assertEquals(0, ownDrivers(second));
            mayClose.countDown();
            Bench.await(() -> opened.get(1).isClosed());
        }
    }

    /** One that another thread has configured again meanwhile is none of those that go. */
    @Test
    void configure_withoutAConnectionThatComesAgain_doesNotWaitForItsNextDriver() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(TWO);
            bench.announce(1, this::openOld);
            DriverSlot second = bench.connections.slot("second");
            Bench.answer(second.driver());
            var finish = new CountDownLatch(1);
            var work = workThatWaits(second, finish, tx -> 1);
            var configuration = Bench.async(() -> {
                bench.configure(Bench.TINY);
                return true;
            });
            awaitState(second, DriverState.DRAINING);
            bench.configure(TWO);
            var caller = Bench.async(() -> Bench.answer(second.driver()));
            Bench.await(() -> second.status().parked() == 1);

            finish.countDown();

            assertTrue(Bench.join(configuration));
            assertEquals("old", Bench.join(caller));
            assertEquals(1, Bench.join(work));
        }
    }

    @Test
    void close_ofAnOrmWhoseOpeningWaitsForTheEngineOfThisWork_endsThatOpening() throws Exception {
        endWhileAnOpeningWaitsForTheEngineOfThisWork(Connections::close);
    }

    @Test
    void configure_withoutAConnectionWhoseOpeningWaitsForTheEngineOfThisWork_endsThatOpening() throws Exception {
        endWhileAnOpeningWaitsForTheEngineOfThisWork(
                another -> another.configure(2, Map.of("default", Bench.TINY), another.timeouts()));
    }

    private void endWhileAnOpeningWaitsForTheEngineOfThisWork(Consumer<Connections> end) throws Exception {
        try (Bench bench = Bench.patient()) {
            Connections another = bench.registry.connect(bench.connections.timeouts());
            another.configure(1, TWO, another.timeouts());
            DriverSlot second = another.slot("second");
            bench.announce(0, this::openOld);
            bench.answer();
            bench.slot().pin(bench.slot().status().factory().orElseThrow());
            bench.announce(1, Bench.secondCopy(() -> new TinyDriver("new")));
            var caller = Bench.async(second::driver);

            var work = Bench.async(() -> bench.transaction(tx -> {
                awaitState(second, DriverState.OPENING);
                end.accept(another);
                return Bench.answer(tx);
            }));

            assertEquals("old", Bench.join(work));
            assertThrows(ExecutionException.class, () -> Bench.join(caller));
            assertTrue(second.status().history().isEmpty(), "no quarantine of a healthy factory");
            assertNothingForced(bench);
            another.close();
        }
    }

    /** The factory is asked whether it serves, and meanwhile the Orm is closed. */
    @Test
    void ownDriver_thatIsAskedForAtTheMomentOfAClose_isNotOpenedAfterIt() throws Exception {
        try (Bench bench = Bench.patient()) {
            Connections another = bench.registry.connect(bench.connections.timeouts());
            DatabaseConfig unasked = DatabaseConfig.of("tiny", Map.of("path", "unasked"));
            var asked = new CountDownLatch(1);
            var mayAnswer = new CountDownLatch(1);
            Candidate old = bench.announce(1, new DriverFactory() {
                @Override
                public DatabaseDriver create(DatabaseConfig config) {
                    return openOld(config);
                }

                @Override
                public boolean serves(DatabaseConfig config) {
                    if (config.equals(unasked)) {
                        asked.countDown();
                        Bench.await(mayAnswer);
                    }
                    return true;
                }
            });
            bench.answer();
            var leaves = new CountDownLatch(1);
            var work = workThatWaits(
                    bench.slot(),
                    leaves,
                    tx -> assertThrows(
                            DriverClosedException.class,
                            () -> another.slot("second").driver()));
            var withdrawal = withdraw(bench, old);
            awaitState(bench.slot(), DriverState.DRAINING);
            another.configure(1, Map.of("second", unasked), another.timeouts());
            leaves.countDown();
            Bench.await(asked);

            another.close();
            mayAnswer.countDown();

            Bench.join(work);
            Bench.join(withdrawal);
            assertEquals(1, opened.size());
            assertEquals(0, ownDrivers(another.slot("second")));
        }
    }
}
