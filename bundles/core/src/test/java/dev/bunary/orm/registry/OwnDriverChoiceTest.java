package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.DriverUnavailableException;
import dev.bunary.orm.driver.NoDriverException;
import dev.bunary.orm.driver.TransactionOptions;
import dev.bunary.orm.swap.DriverState;
import dev.bunary.orm.swap.Registration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Promises 5 and 12: where there is a driver for work in flight, of which factory, and where there is none. */
@Timeout(60)
class OwnDriverChoiceTest extends OwnDrivers {
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

            withdrawUnder(bench, both, tx -> {
                assertEquals(
                        "registered",
                        Bench.answer(bench.connections.slot("other").driver()));
            });

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

            withdrawUnder(bench, old, tx -> {
                assertThrows(DriverClosedException.class, second::driver);
            });

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

            withdrawUnder(bench, old, tx -> {
                var told = assertThrows(DriverUnavailableException.class, second::driver);
                assertTrue(told.getMessage().contains("its data would go"), told::getMessage);
            });

            assertEquals(1, opened.size());
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

            withdrawUnder(bench, old, tx -> {
                for (Connections each : List.of(bench.connections, another, bench.connections)) {
                    assertEquals("old", Bench.answer(each.slot("second").driver()));
                }
            });

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

    /** What such a factory opens for anybody else is refused when it comes. */
    @Test
    void work_onADepartedFactoryThatIsOpeningTheConnection_getsADriverOfItsOwn() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(TWO);
            var creating = new CountDownLatch(1);
            var mayCreate = new CountDownLatch(1);
            Candidate old = bench.announce(1, config -> {
                if (opened.size() == 1 && creating.getCount() > 0) {
                    creating.countDown();
                    Bench.await(mayCreate);
                }
                return openOld(config);
            });
            DriverSlot second = bench.connections.slot("second");
            bench.answer();
            var caller = Bench.async(() -> Bench.answer(second.driver()));
            Bench.await(creating);

            withdrawUnder(bench, old, tx -> {
                assertEquals("old", Bench.answer(second.driver()));
                mayCreate.countDown();
            });

            assertThrows(ExecutionException.class, () -> Bench.join(caller));
            assertAllClosedAfterUse();
            assertNothingForced(bench);
        }
    }

    @Test
    void ownDriver_thatHangsWhileItOpens_doesNotKeepWorkFromABetterOneThatMayOpenBeside() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(TWO);
            var mayOpen = new CountDownLatch(1);
            Candidate old = bench.announce(1, Bench.overlapping(config -> openOldOnceMay(mayOpen, config)));
            DriverSlot second = bench.connections.slot("second");
            bench.answer();

            withdrawUnder(bench, old, tx -> {
                bench.announce(0, Bench.overlapping(config -> new TinyDriver("new")));
                assertEquals("new", Bench.answer(second.driver()));
                mayOpen.countDown();
            });

            assertAllClosedAfterUse();
            assertNothingForced(bench);
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

            withdrawUnder(bench, old, tx -> {
                bench.announce(1, Bench.secondCopy(() -> new TinyDriver("heir")));
                assertEquals("old", Bench.answer(second.driver()));
            });

            assertEquals("heir", Bench.answer(second.driver()));
            assertAllClosedAfterUse();
            assertNothingForced(bench);
        }
    }

    /** The work asks once more, for the database that the connection leads to now. */
    @Test
    void configure_toAnotherDatabase_whileAnOwnDriverOpens_leadsTheWorkThere() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(TWO);
            var opening = new CountDownLatch(1);
            var mayOpen = new CountDownLatch(1);
            Candidate old = bench.announce(1, config -> {
                if (opened.size() == 1 && config.equals(Bench.TINY)) {
                    opening.countDown();
                    Bench.await(mayOpen);
                }
                var driver = new TinyDriver("old " + config.properties().get("path"));
                opened.add(driver);
                return driver;
            });
            DriverSlot second = bench.connections.slot("second");
            bench.answer();
            var leaves = new CountDownLatch(1);
            var work = workThatWaits(bench.slot(), leaves, tx -> Bench.answer(second.driver()));
            var withdrawal = withdraw(bench, old);
            awaitState(bench.slot(), DriverState.DRAINING);
            leaves.countDown();
            Bench.await(opening);

            bench.configure(
                    Map.of("default", Bench.TINY, "second", DatabaseConfig.of("tiny", Map.of("path", "elsewhere"))));

            assertEquals("old elsewhere", Bench.join(work));
            mayOpen.countDown();
            Bench.join(withdrawal);
            Bench.await(() -> opened.size() == 3);
            assertAllClosedAfterUse();
            assertNothingForced(bench);
        }
    }

    /** What a factory that leaves does not know, the next one may: what that says counts. */
    @Test
    void ownDriver_ofAWrongConfiguration_isNotToldInPlaceOfTheNextFactorysFailure() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(
                    Map.of("default", Bench.TINY, "second", DatabaseConfig.of("tiny", Map.of("path", "unknown"))));
            Candidate old = bench.announce(1, Bench.overlapping(config -> {
                if (!config.equals(Bench.TINY)) {
                    throw new ConfigurationException("no such path");
                }
                return openOld(config);
            }));
            DriverSlot second = bench.connections.slot("second");
            bench.answer();

            withdrawUnder(bench, old, tx -> {
                bench.announce(0, Bench.overlapping(config -> {
                    throw new IllegalStateException("not yet");
                }));
                var told = assertThrows(DriverUnavailableException.class, second::driver);
                assertTrue(told.getMessage().contains("not yet"), told::getMessage);
            });

            assertAllClosedAfterUse();
        }
    }

    /** In whatever order they are looked at, which is by chance: so more than once. */
    @RepeatedTest(4)
    void work_onTheNextFactoryToo_doesNotHideTheWorkThatThatOneWaitsFor() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(Map.of(
                    "default",
                    Bench.TINY,
                    "second",
                    Bench.TINY,
                    "third",
                    DatabaseConfig.of("other", Map.of("path", "b"))));
            Candidate old = bench.announce(1, this::openOld);
            bench.registry.announce(new FactorySource(
                    Bench.secondCopy(() -> new TinyDriver("next")),
                    Set.of("tiny", "other"),
                    0,
                    "next",
                    "",
                    "test",
                    0,
                    0));
            DriverSlot second = bench.connections.slot("second");
            DriverSlot third = bench.connections.slot("third");

            CompletableFuture<Boolean> ends =
                    bench.transaction(outer -> third.transaction(TransactionOptions.READ_WRITE, inner -> {
                        assertEquals("next", Bench.answer(inner));
                        CompletableFuture<Boolean> withdrawal = withdraw(bench, old);
                        awaitState(bench.slot(), DriverState.DRAINING);
                        CompletableFuture<Boolean> close = Bench.async(() -> {
                            third.closeDriver();
                            return true;
                        });
                        awaitState(third, DriverState.DRAINING);
                        assertEquals("old", Bench.answer(second.driver()));
                        return withdrawal.thenCombine(close, Boolean::logicalAnd);
                    }));

            assertTrue(Bench.join(ends));
            assertEquals("next", Bench.answer(second.driver()));
            assertAllClosedAfterUse();
            assertNothingForced(bench);
        }
    }

    /** Both happen while the caller sleeps: it wakes to a driver that is open and leads to the wrong place. */
    @Test
    void configure_toAnotherDatabase_justBeforeAnOwnDriverIsOpen_leadsTheWorkThere() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(TWO);
            var mayOpen = new CountDownLatch(1);
            Candidate old = bench.announce(1, config -> {
                if (opened.size() == 1) {
                    Bench.await(mayOpen);
                }
                var driver = new TinyDriver("old " + config.properties().get("path"));
                opened.add(driver);
                return driver;
            });
            DriverSlot second = bench.connections.slot("second");
            bench.answer();
            var leaves = new CountDownLatch(1);
            var work = workThatWaits(
                    bench.slot(), leaves, tx -> second.transaction(TransactionOptions.READ_WRITE, Bench::answer));
            var withdrawal = withdraw(bench, old);
            awaitState(bench.slot(), DriverState.DRAINING);
            leaves.countDown();
            Bench.await(() -> second.status().parked() == 1);

            second.state.lock();
            try {
                OwnDriver former = second.state.own().get(0);
                bench.configure(Map.of(
                        "default", Bench.TINY, "second", DatabaseConfig.of("tiny", Map.of("path", "elsewhere"))));
                mayOpen.countDown();
                Bench.await(() -> former.opened() != null);
            } finally {
                second.state.unlockAndTell();
            }

            assertEquals("old elsewhere", Bench.join(work));
            Bench.join(withdrawal);
            assertAllClosedAfterUse();
        }
    }

    /** It will not get better by waiting. */
    @Test
    void ownDriver_ofAWrongConfiguration_isToldWhereNobodyElseServes() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.mayBringMore = true;
            bench.configure(
                    Map.of("default", Bench.TINY, "second", DatabaseConfig.of("tiny", Map.of("path", "wrong"))));
            Candidate old = bench.announce(1, config -> {
                if (!config.equals(Bench.TINY)) {
                    throw new ConfigurationException("no such path");
                }
                return openOld(config);
            });
            DriverSlot second = bench.connections.slot("second");

            withdrawUnder(bench, old, tx -> {
                var told = assertThrows(ConfigurationException.class, second::driver);
                assertTrue(told.getMessage().contains("no such path"), told::getMessage);
            });

            assertAllClosedAfterUse();
        }
    }

    /** The next factory refuses the configuration while the work's own still connects. */
    @Test
    void ownDriver_onItsWay_isWaitedForThoughTheNextFactoryFindsTheConfigurationWrong() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(TWO);
            var tries = new AtomicInteger();
            DriverSlot second = bench.connections.slot("second");
            Candidate old = bench.announce(1, Bench.overlapping(config -> {
                if (!opened.isEmpty()) {
                    Bench.await(() -> tries.get() > 0
                            && second.status().state() == DriverState.UNBOUND
                            && second.status().parked() == 1);
                }
                return openOld(config);
            }));
            bench.answer();

            withdrawUnder(bench, old, tx -> {
                bench.announce(0, Bench.overlapping(config -> {
                    tries.incrementAndGet();
                    throw new ConfigurationException("not for this one");
                }));
                assertEquals("old", Bench.answer(second.driver()));
            });

            assertEquals(1, tries.get(), "nothing has changed since");
            assertAllClosedAfterUse();
            assertNothingForced(bench);
        }
    }

    /** Two copies of one bundle side by side have one name and one origin. */
    @Test
    void work_onAFactoryOfTheSameNameAsThePinnedOne_doesNotPassOverThePin() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(TWO);
            Candidate pinned = bench.announce(1, config -> new TinyDriver("pinned"));
            Candidate other = bench.registry.announce(
                    new FactorySource(this::openOld, Set.of("tiny"), 1, "test", "2.0", "test 1", 0, 0));
            DriverSlot second = bench.connections.slot("second");
            second.pin(pinned.info());

            CompletableFuture<Boolean> withdrawal = bench.transaction(tx -> {
                assertEquals("old", Bench.answer(tx));
                CompletableFuture<Boolean> running = withdraw(bench, other);
                awaitState(bench.slot(), DriverState.DRAINING);
                assertEquals("pinned", Bench.answer(second.driver()));
                return running;
            });

            Bench.join(withdrawal);
            assertAllClosedAfterUse();
        }
    }

    @Test
    void ownDriver_thatHangsWhileItOpens_doesNotKeepAFailedFactoryFromItsNextTry() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(TWO);
            var mayOpen = new CountDownLatch(1);
            var tries = new AtomicInteger();
            Candidate old = bench.announce(1, Bench.overlapping(config -> openOldOnceMay(mayOpen, config)));
            DriverSlot second = bench.connections.slot("second");
            bench.answer();

            withdrawUnder(bench, old, tx -> {
                bench.announce(0, Bench.overlapping(config -> {
                    if (tries.incrementAndGet() == 1) {
                        throw new IllegalStateException("not yet");
                    }
                    return new TinyDriver("new");
                }));
                assertEquals("new", Bench.answer(second.driver()));
                mayOpen.countDown();
            });

            assertAllClosedAfterUse();
            assertNothingForced(bench);
        }
    }
}
