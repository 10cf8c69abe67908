package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.DriverSwappedException;
import dev.bunary.orm.driver.NoDriverException;
import dev.bunary.orm.driver.TransactionOptions;
import dev.bunary.orm.swap.DriverEvent;
import dev.bunary.orm.swap.DriverState;
import dev.bunary.orm.swap.Registration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Promise 5, where a connection has no driver: work on a leaving factory that needs it gets one of that factory, as the
 * next driver may have to wait for this very work.
 */
@Timeout(60)
class OwnDriverTest {
    private static final Map<String, DatabaseConfig> TWO = Map.of("default", Bench.TINY, "second", Bench.TINY);

    private final List<TinyDriver> opened = new CopyOnWriteArrayList<>();

    private DatabaseDriver openOld(DatabaseConfig config) {
        var driver = new TinyDriver("old");
        opened.add(driver);
        return driver;
    }

    private void assertAllClosedAfterUse() {
        for (TinyDriver driver : opened) {
            assertTrue(driver.isClosed());
            assertEquals(1, driver.closes.get());
            assertEquals(0, driver.usesAfterClose.get());
        }
    }

    private static CompletableFuture<Boolean> withdraw(Bench bench, Candidate candidate) {
        return Bench.async(() -> {
            bench.registry.withdraw(candidate);
            return true;
        });
    }

    private static void awaitState(DriverSlot slot, DriverState state) {
        Bench.await(() -> slot.status().state() == state);
    }

    private static void assertNothingForced(Bench bench) {
        assertFalse(bench.told().stream().anyMatch(event -> event.kind() == DriverEvent.Kind.FORCED));
    }

    @Test
    void work_onADepartingFactory_mayUseAConnectionThatNobodyHasOpened() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(TWO);
            Candidate old = bench.announce(1, this::openOld);
            bench.announce(0, Bench.secondCopy(() -> new TinyDriver("new")));
            DriverSlot second = bench.connections.slot("second");
            bench.answer();

            CompletableFuture<Boolean> withdrawal = bench.transaction(tx -> {
                CompletableFuture<Boolean> running = withdraw(bench, old);
                awaitState(bench.slot(), DriverState.DRAINING);
                DatabaseDriver own = second.driver();
                assertEquals("old", Bench.answer(own));
                assertEquals("old", own.transaction(Bench::answer));
                assertEquals("old", Bench.answer(second.driver()));
                return running;
            });

            Bench.join(withdrawal);
            assertEquals("new", Bench.answer(second.driver()));
            assertEquals(2, opened.size(), "one for each connection");
            assertAllClosedAfterUse();
            assertNothingForced(bench);
        }
    }

    /** Where no other factory is to be waited for, a first use fails at once; but this work has a factory. */
    @Test
    void work_onTheOnlyFactoryWhileItDeparts_mayUseAConnectionThatNobodyHasOpened() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(TWO);
            Candidate old = bench.announce(1, this::openOld);
            DriverSlot second = bench.connections.slot("second");

            CompletableFuture<Boolean> withdrawal = bench.transaction(tx -> {
                CompletableFuture<Boolean> running = withdraw(bench, old);
                awaitState(bench.slot(), DriverState.DRAINING);
                assertEquals("old", Bench.answer(second.driver()));
                return running;
            });

            Bench.join(withdrawal);
            assertThrows(NoDriverException.class, second::driver);
            assertAllClosedAfterUse();
        }
    }

    @Test
    void work_onADepartingFactory_mayUseAConnectionThatIsBeingClosed() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(TWO);
            Candidate old = bench.announce(1, this::openOld);
            DriverSlot second = bench.connections.slot("second");
            var inside = new CountDownLatch(1);
            var finish = new CountDownLatch(1);
            var closing = Bench.async(() -> second.transaction(TransactionOptions.READ_WRITE, tx -> {
                var close = Bench.async(() -> {
                    second.closeDriver();
                    return true;
                });
                inside.countDown();
                Bench.await(finish);
                return close;
            }));
            Bench.await(inside);
            awaitState(second, DriverState.DRAINING);

            CompletableFuture<Boolean> withdrawal = bench.transaction(tx -> {
                CompletableFuture<Boolean> running = withdraw(bench, old);
                awaitState(bench.slot(), DriverState.DRAINING);
                assertEquals("old", Bench.answer(second.driver()));
                return running;
            });

            finish.countDown();
            Bench.join(Bench.join(closing));
            Bench.join(withdrawal);
            assertAllClosedAfterUse();
            assertNothingForced(bench);
        }
    }

    /** Each connection is taken from the old driver by itself, and the better one waits for the engine of both. */
    @Test
    void work_onTwoConnections_thatEachNeedTheOther_endsWhenABetterFactoryComes() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(TWO);
            bench.announce(0, this::openOld);
            DriverSlot second = bench.connections.slot("second");
            var bothInside = new CountDownLatch(2);
            var better = new CountDownLatch(1);
            var first = Bench.async(() -> bench.transaction(tx -> {
                bothInside.countDown();
                Bench.await(better);
                return Bench.answer(second.driver());
            }));
            var other = Bench.async(() -> second.transaction(TransactionOptions.READ_WRITE, tx -> {
                bothInside.countDown();
                Bench.await(better);
                return bench.answer();
            }));
            Bench.await(bothInside);
            bench.announce(1, Bench.secondCopy(() -> new TinyDriver("new")));
            awaitState(bench.slot(), DriverState.DRAINING);
            awaitState(second, DriverState.DRAINING);

            better.countDown();

            assertEquals("old", Bench.join(first));
            assertEquals("old", Bench.join(other));
            assertEquals("new", bench.answer());
            assertEquals("new", Bench.answer(second.driver()));
            assertAllClosedAfterUse();
            assertNothingForced(bench);
        }
    }

    /** A caller that began to wait before its own work had to end looks again. */
    @Test
    void work_thatWaitsForAConnectionAlready_whenItsFactoryDeparts_getsOneOfIt() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(TWO);
            Candidate old = bench.announce(0, this::openOld);
            DriverSlot second = bench.connections.slot("second");
            var inside = new CountDownLatch(1);
            var finish = new CountDownLatch(1);
            Bench.answer(second.driver());
            var blocker = Bench.async(() -> second.transaction(TransactionOptions.READ_WRITE, tx -> {
                inside.countDown();
                Bench.await(finish);
                return 1;
            }));
            Bench.await(inside);
            var close = Bench.async(() -> {
                second.closeDriver();
                return true;
            });
            awaitState(second, DriverState.DRAINING);
            var work = Bench.async(() -> bench.transaction(tx -> Bench.answer(second.driver())));
            Bench.await(() -> second.status().parked() == 1);

            var withdrawal = withdraw(bench, old);

            assertEquals("old", Bench.join(work));
            finish.countDown();
            assertEquals(1, Bench.join(blocker));
            Bench.join(close);
            Bench.join(withdrawal);
            assertAllClosedAfterUse();
            assertNothingForced(bench);
        }
    }

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
            var inside = new CountDownLatch(1);
            var leaves = new CountDownLatch(1);
            var work = Bench.async(() -> bench.transaction(tx -> {
                inside.countDown();
                Bench.await(leaves);
                return Bench.answer(second.driver());
            }));
            Bench.await(inside);
            var withdrawal = withdraw(bench, old);
            awaitState(bench.slot(), DriverState.DRAINING);
            leaves.countDown();
            Bench.await(opening);

            Bench.join(withdrawal);
            create.countDown();

            var failure = assertThrows(ExecutionException.class, () -> Bench.join(work));
            Throwable told =
                    failure.getCause(); // by whoever notices the deadline first: the swap, or the wait in the work
            assertInstanceOf(NoDriverException.class, told instanceof DriverSwappedException ? told.getCause() : told);
            Bench.await(() -> opened.size() == 2 && opened.get(1).isClosed());
            assertAllClosedAfterUse();
        }
    }

    @Test
    void work_onTwoDepartingFactories_getsADriverOfTheOneThatServes() throws Exception {
        try (Bench bench = Bench.patient()) {
            DatabaseConfig other = DatabaseConfig.of("other", Map.of("path", "b"));
            bench.configure(Map.of("default", Bench.TINY, "other", other, "third", other));
            Candidate tiny = bench.announce(0, this::openOld);
            Candidate others = bench.registry.announce(
                    new FactorySource(config -> new TinyDriver("other"), Set.of("other"), 0, "test", "", "test", 0, 0));
            DriverSlot third = bench.connections.slot("third");

            CompletableFuture<Boolean> withdrawal = bench.transaction(tx -> bench.connections
                    .slot("other")
                    .transaction(TransactionOptions.READ_WRITE, inner -> {
                        CompletableFuture<Boolean> running = Bench.async(() -> {
                            bench.registry.withdraw(List.of(tiny, others));
                            return true;
                        });
                        awaitState(bench.slot(), DriverState.DRAINING);
                        assertEquals("other", Bench.answer(third.driver()));
                        return running;
                    }));

            Bench.join(withdrawal);
            assertAllClosedAfterUse();
            assertNothingForced(bench);
        }
    }

    /** A factory that one Orm registered for itself is none for the connections of another. */
    @Test
    void work_onAFactoryOfOneOrm_getsNoDriverOfItForAnotherOrm() throws Exception {
        try (Bench bench = Bench.patient();
                Connections another = bench.registry.connect(bench.connections.timeouts())) {
            another.configure(1, Map.of("default", Bench.TINY), another.timeouts());
            Registration own = bench.connections.register("tiny", this::openOld);

            CompletableFuture<Boolean> withdrawal = bench.transaction(tx -> {
                CompletableFuture<Boolean> running = Bench.async(() -> {
                    own.close();
                    return true;
                });
                awaitState(bench.slot(), DriverState.DRAINING);
                assertThrows(NoDriverException.class, another.slot("default")::driver);
                return running;
            });

            Bench.join(withdrawal);
            assertEquals(1, opened.size());
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

    /** The better driver waits for the engine, the caller for that driver, and then its own is to be replaced as well. */
    @Test
    void work_thatWaitsForABetterDriver_whenItsOwnIsReplacedToo_isWoken() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(TWO);
            Candidate old = bench.announce(0, this::openOld);
            DriverSlot second = bench.connections.slot("second");
            bench.answer();
            bench.slot().pin(old.info());
            bench.announce(1, Bench.secondCopy(() -> new TinyDriver("new")));
            var work = Bench.async(() -> bench.transaction(tx -> Bench.answer(second.driver())));
            Bench.await(() -> second.status().parked() == 1);

            bench.slot().unpin();

            assertEquals("old", Bench.join(work));
            assertEquals("new", bench.answer());
            assertEquals("new", Bench.answer(second.driver()));
            assertAllClosedAfterUse();
            assertNothingForced(bench);
        }
    }

    /** The connections of two Orms may have one name and one configuration, and lead to different places. */
    @Test
    void work_onFactoriesOfTwoOrms_getsADriverOfEachForItsOwnOrm() throws Exception {
        try (Bench bench = Bench.patient();
                Connections another = bench.registry.connect(bench.connections.timeouts())) {
            bench.configure(TWO);
            another.configure(1, TWO, another.timeouts());
            bench.connections.register("tiny", config -> new TinyDriver("one"));
            another.register("tiny", config -> new TinyDriver("other"));
            Bench.answer(another.slot("default").driver());
            bench.answer();

            CompletableFuture<Boolean> withdrawal = another.slot("default")
                    .transaction(
                            TransactionOptions.READ_WRITE,
                            outer -> bench.transaction(inner -> {
                                CompletableFuture<Boolean> running = Bench.async(() -> {
                                    bench.registry.unregister(candidate -> true);
                                    return true;
                                });
                                awaitState(bench.slot(), DriverState.DRAINING);
                                awaitState(another.slot("default"), DriverState.DRAINING);
                                assertEquals(
                                        "one",
                                        Bench.answer(
                                                bench.connections.slot("second").driver()));
                                assertEquals(
                                        "other",
                                        Bench.answer(another.slot("second").driver()));
                                return running;
                            }));

            Bench.join(withdrawal);
            assertNothingForced(bench);
        }
    }

    @Test
    void work_onADepartingFactory_doesNotPassOverTheOneThatWasRegisteredForAConnection() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(Map.of("default", Bench.TINY, "other", DatabaseConfig.of("other", Map.of("path", "b"))));
            Candidate both = bench.registry.announce(
                    new FactorySource(this::openOld, Set.of("tiny", "other"), 0, "test", "", "test", 0, 0));
            bench.connections.register("other", config -> new TinyDriver("registered"));

            CompletableFuture<Boolean> withdrawal = bench.transaction(tx -> {
                CompletableFuture<Boolean> running = withdraw(bench, both);
                awaitState(bench.slot(), DriverState.DRAINING);
                assertEquals(
                        "registered",
                        Bench.answer(bench.connections.slot("other").driver()));
                return running;
            });

            Bench.join(withdrawal);
            assertAllClosedAfterUse();
        }
    }

    @Test
    void work_onADepartingFactory_isToldOfLostDataAsAnybodyIs() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(TWO);
            Candidate memory = bench.announce(1, new DriverFactory() {
                @Override
                public DatabaseDriver create(DatabaseConfig config) {
                    return new TinyDriver("memory");
                }

                @Override
                public boolean holdsData(DatabaseConfig config) {
                    return true;
                }
            });
            DriverSlot second = bench.connections.slot("second");
            Bench.answer(second.driver());
            Candidate old = bench.announce(0, this::openOld);
            bench.registry.withdraw(memory);

            CompletableFuture<Boolean> withdrawal = bench.transaction(tx -> {
                CompletableFuture<Boolean> running = withdraw(bench, old);
                awaitState(bench.slot(), DriverState.DRAINING);
                assertThrows(DriverClosedException.class, second::driver);
                return running;
            });

            Bench.join(withdrawal);
            assertAllClosedAfterUse();
        }
    }

    /** An empty database that goes with this work is not what was asked for. */
    @Test
    void work_onADepartingFactory_getsNoDriverOfItsOwnThatWouldHoldTheData() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(
                    Map.of("default", Bench.TINY, "second", DatabaseConfig.of("tiny", Map.of("memory", "yes"))));
            Candidate old = bench.announce(0, new DriverFactory() {
                @Override
                public DatabaseDriver create(DatabaseConfig config) {
                    return openOld(config);
                }

                @Override
                public boolean holdsData(DatabaseConfig config) {
                    return config.properties().containsKey("memory");
                }
            });
            DriverSlot second = bench.connections.slot("second");

            CompletableFuture<Boolean> withdrawal = bench.transaction(tx -> {
                CompletableFuture<Boolean> running = withdraw(bench, old);
                awaitState(bench.slot(), DriverState.DRAINING);
                assertThrows(NoDriverException.class, second::driver);
                return running;
            });

            Bench.join(withdrawal);
            assertEquals(1, opened.size());
        }
    }

    @Test
    void threads_inWorkOnADepartingFactory_shareOneDriverOfIt() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(TWO);
            int threads = 8;
            var mayOpen = new CountDownLatch(1);
            Candidate old = bench.announce(1, config -> {
                if (!opened.isEmpty()) {
                    Bench.await(mayOpen);
                }
                return openOld(config);
            });
            DriverSlot second = bench.connections.slot("second");
            bench.answer();
            var inside = new CountDownLatch(threads);
            var leaves = new CountDownLatch(1);
            var work = new ArrayList<CompletableFuture<String>>();
            for (int thread = 0; thread < threads; thread++) {
                work.add(Bench.async(() -> bench.transaction(tx -> {
                    inside.countDown();
                    Bench.await(leaves);
                    return Bench.answer(second.driver());
                })));
            }
            Bench.await(inside);
            var withdrawal = withdraw(bench, old);
            awaitState(bench.slot(), DriverState.DRAINING);

            leaves.countDown();
            Bench.await(() -> second.status().parked() == threads);
            mayOpen.countDown();

            for (CompletableFuture<String> each : work) {
                assertEquals("old", Bench.join(each));
            }
            Bench.join(withdrawal);
            assertEquals(2, opened.size(), "one for each connection");
            assertAllClosedAfterUse();
        }
    }

    /** Also where they have one name, one configuration and one factory. */
    @Test
    void connections_ofTwoOrms_shareNoDriverForWorkInFlight() throws Exception {
        try (Bench bench = Bench.patient();
                Connections another = bench.registry.connect(bench.connections.timeouts())) {
            bench.configure(TWO);
            another.configure(1, TWO, another.timeouts());
            Candidate old = bench.announce(1, this::openOld);

            CompletableFuture<Boolean> withdrawal = bench.transaction(tx -> {
                CompletableFuture<Boolean> running = withdraw(bench, old);
                awaitState(bench.slot(), DriverState.DRAINING);
                for (Connections each : List.of(bench.connections, another, bench.connections)) {
                    assertEquals("old", Bench.answer(each.slot("second").driver()));
                }
                return running;
            });

            Bench.join(withdrawal);
            assertEquals(3, opened.size());
            assertAllClosedAfterUse();
        }
    }

    /** The same factory serves on: a second driver of it would be one too many. */
    @Test
    void work_onADriverThatIsOnlyClosed_opensTheOtherConnectionAsAnybodyDoes() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(TWO);
            bench.announce(1, this::openOld);
            DriverSlot second = bench.connections.slot("second");

            CompletableFuture<Boolean> close = bench.transaction(tx -> {
                var running = Bench.async(() -> {
                    bench.slot().closeDriver();
                    return true;
                });
                awaitState(bench.slot(), DriverState.DRAINING);
                assertEquals("old", Bench.answer(second.driver()));
                return running;
            });

            Bench.join(close);
            assertEquals(DriverState.BOUND, second.status().state());
            assertEquals("old", Bench.answer(second.driver()));
            assertEquals(2, opened.size());
        }
    }

    @Test
    void ownDriver_thatHangsWhileItOpens_doesNotKeepWorkFromABetterOneThatMayOpenBeside() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(TWO);
            var mayOpen = new CountDownLatch(1);
            Candidate old = bench.announce(1, Bench.overlapping(config -> {
                if (!opened.isEmpty()) {
                    Bench.await(mayOpen);
                }
                return openOld(config);
            }));
            DriverSlot second = bench.connections.slot("second");
            bench.answer();

            CompletableFuture<Boolean> withdrawal = bench.transaction(tx -> {
                CompletableFuture<Boolean> running = withdraw(bench, old);
                awaitState(bench.slot(), DriverState.DRAINING);
                bench.announce(0, Bench.overlapping(config -> new TinyDriver("new")));
                assertEquals("new", Bench.answer(second.driver()));
                return running;
            });

            mayOpen.countDown();
            Bench.join(withdrawal);
            assertAllClosedAfterUse();
            assertNothingForced(bench);
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
            var inside = new CountDownLatch(1);
            var leaves = new CountDownLatch(1);
            var work = Bench.async(() -> bench.transaction(tx -> {
                inside.countDown();
                Bench.await(leaves);
                return assertThrows(ConfigurationException.class, second::driver);
            }));
            Bench.await(inside);
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

            CompletableFuture<Boolean> withdrawal = bench.transaction(tx -> {
                CompletableFuture<Boolean> running = withdraw(bench, old);
                awaitState(bench.slot(), DriverState.DRAINING);
                assertEquals("old", Bench.answer(another.slot("second").driver()));
                another.close();
                assertEquals("old", Bench.answer(tx), "and goes on");
                return running;
            });

            Bench.join(withdrawal);
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
            Candidate old = bench.announce(0, config -> {
                var driver = opened.isEmpty()
                        ? new TinyDriver("old")
                        : new TinyDriver("own") {
                            @Override
                            public void close() {
                                Bench.await(mayClose);
                                super.close();
                            }
                        };
                opened.add(driver);
                return driver;
            });
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

    /** The work on a loose driver is in flight as any other, once its owner closes that driver. */
    @Test
    void work_onADriverThatItsOwnerCloses_mayUseAConnectionThatABetterFactoryIsToServe() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(TWO);
            bench.announce(0, this::openOld);
            DatabaseDriver loose = bench.slot().driver();
            bench.slot().resetDriver();
            bench.announce(1, Bench.secondCopy(() -> new TinyDriver("new")));
            DriverSlot second = bench.connections.slot("second");

            CompletableFuture<Boolean> close = loose.transaction(tx -> {
                var running = Bench.async(() -> {
                    loose.close();
                    return true;
                });
                Bench.await(() -> !bench.registry.draining().isEmpty());
                assertEquals("old", Bench.answer(second.driver()));
                return running;
            });

            Bench.join(close);
            assertEquals("new", Bench.answer(second.driver()));
            assertAllClosedAfterUse();
        }
    }

    /** The heir of a pinned factory is the same choice as the factory it follows. */
    @Test
    void work_onAPinnedFactoryWithAnHeir_getsADriverOfTheOneItIsOn() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(TWO);
            Candidate old = bench.announce(1, this::openOld);
            DriverSlot second = bench.connections.slot("second");
            second.pin(old.info());
            bench.answer();

            CompletableFuture<Boolean> withdrawal = bench.transaction(tx -> {
                CompletableFuture<Boolean> running = withdraw(bench, old);
                awaitState(bench.slot(), DriverState.DRAINING);
                bench.announce(1, Bench.secondCopy(() -> new TinyDriver("heir")));
                assertEquals("old", Bench.answer(second.driver()));
                return running;
            });

            Bench.join(withdrawal);
            assertEquals("heir", Bench.answer(second.driver()));
            assertAllClosedAfterUse();
            assertNothingForced(bench);
        }
    }

    /** A thousand connections that leave one by one wake nobody where nobody waits. */
    @Test
    void wakeAll_whereNobodyWaits_takesNoLock() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.slot().state.lock();
            try {
                assertTrue(Bench.join(Bench.async(() -> {
                    bench.registry.wakeAll();
                    return true;
                })));
            } finally {
                bench.slot().state.unlockAndTell();
            }
        }
    }

    /** Workers that begin on one connection and need the other, both ways round, while drivers come and go. */
    @RepeatedTest(5)
    void work_onTwoConnectionsBothWays_underManySwaps_neverFailsAndLeavesNothingOpen() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(TWO);
            bench.mayBringMore = true;
            Candidate serving = bench.announce(0, Bench.secondCopy(() -> openOld(Bench.TINY)));
            var stop = new AtomicBoolean();
            var done = new AtomicInteger();
            var workers = new ArrayList<CompletableFuture<Integer>>();
            for (int worker = 0; worker < 4; worker++) {
                DriverSlot outer = bench.connections.slot(worker % 2 == 0 ? "default" : "second");
                DriverSlot inner = bench.connections.slot(worker % 2 == 0 ? "second" : "default");
                workers.add(Bench.async(() -> {
                    while (!stop.get()) {
                        outer.transaction(TransactionOptions.READ_WRITE, tx -> Bench.answer(inner.driver()));
                        done.incrementAndGet();
                    }
                    return 1;
                }));
            }

            for (int swap = 0; swap < 100; swap++) {
                int before = done.get();
                if (swap % 2 == 0) {
                    bench.registry.withdraw(serving);
                    serving = bench.announce(0, Bench.secondCopy(() -> openOld(Bench.TINY)));
                } else {
                    Candidate better = bench.announce(1, Bench.secondCopy(() -> openOld(Bench.TINY)));
                    bench.registry.withdraw(serving);
                    serving = better;
                }
                Bench.await(() -> done.get() > before + 4 || workers.stream().anyMatch(CompletableFuture::isDone));
            }
            stop.set(true);

            for (CompletableFuture<Integer> worker : workers) {
                assertEquals(1, Bench.join(worker));
            }
            assertNothingForced(bench);
            bench.registry.withdraw(serving);
            assertTrue(opened.size() > 100, () -> opened.size() + " drivers");
            assertAllClosedAfterUse();
        }
    }
}
