package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.DriverUnavailableException;
import dev.bunary.orm.driver.NoDriverException;
import dev.bunary.orm.driver.TransactionOptions;
import dev.bunary.orm.swap.DriverState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Promise 5, where a connection has no driver: work on a leaving factory that needs it gets one of that factory, as the
 * next driver may have to wait for this very work.
 */
@Timeout(60)
class OwnDriverTest extends OwnDrivers {
    @Test
    void work_onADepartingFactory_mayUseAConnectionThatNobodyHasOpened() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(TWO);
            Candidate old = bench.announce(1, this::openOld);
            bench.announce(0, Bench.secondCopy(() -> new TinyDriver("new")));
            DriverSlot second = bench.connections.slot("second");
            bench.answer();

            withdrawUnder(bench, old, tx -> {
                DatabaseDriver own = second.driver();
                assertEquals("old", Bench.answer(own));
                assertEquals("old", own.transaction(Bench::answer));
                assertEquals("old", Bench.answer(second.driver()));
            });

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

            withdrawUnder(bench, old, tx -> {
                assertEquals("old", Bench.answer(second.driver()));
            });

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

    /** Also where the factory opens no changed configuration beside the former one: the two would wait for each other. */
    @Test
    void work_onTwoConnections_thatEachNeedTheOther_endsWhenBothAreReconfigured() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(TWO);
            bench.announce(0, new DriverFactory() {
                @Override
                public DatabaseDriver create(DatabaseConfig config) {
                    return openOld(config);
                }

                @Override
                public Set<String> tuningProperties() {
                    return Set.of("cache");
                }
            });
            DriverSlot second = bench.connections.slot("second");
            var bothInside = new CountDownLatch(2);
            var changed = new CountDownLatch(1);
            var first = Bench.async(() -> bench.transaction(tx -> {
                bothInside.countDown();
                Bench.await(changed);
                return Bench.answer(second.driver());
            }));
            var other = Bench.async(() -> second.transaction(TransactionOptions.READ_WRITE, tx -> {
                bothInside.countDown();
                Bench.await(changed);
                return bench.answer();
            }));
            Bench.await(bothInside);
            DatabaseConfig tuned = DatabaseConfig.of("tiny", Map.of("path", "a", "cache", "big"));
            bench.configure(Map.of("default", tuned, "second", tuned));
            awaitState(bench.slot(), DriverState.DRAINING);
            awaitState(second, DriverState.DRAINING);

            changed.countDown();

            assertEquals("old", Bench.join(first));
            assertEquals("old", Bench.join(other));
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

    /** Its answer is asked for between the look for a driver and the wait for one. */
    @Test
    void work_whoseOwnDriverOpensJustBeforeItWaits_doesNotWait() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(TWO);
            var mayOpen = new CountDownLatch(1);
            Candidate old = bench.announce(1, config -> openOldOnceMay(mayOpen, config));
            DriverSlot second = bench.connections.slot("second");
            bench.answer();
            var worker = new AtomicReference<Thread>();
            var asksWorker = new CountDownLatch(1);
            var asksOther = new CountDownLatch(1);
            var answerWorker = new CountDownLatch(1);
            var answerOther = new CountDownLatch(1);
            var inside = new CountDownLatch(1);
            var leaves = new CountDownLatch(1);
            var work = Bench.async(() -> bench.transaction(tx -> {
                worker.set(Thread.currentThread());
                inside.countDown();
                Bench.await(leaves);
                return Bench.answer(second.driver());
            }));
            Bench.await(inside);
            var withdrawal = withdraw(bench, old);
            awaitState(bench.slot(), DriverState.DRAINING);
            leaves.countDown();
            Bench.await(() -> second.status().parked() == 1);
            var announcement = Bench.async(() -> bench.announce(0, new DriverFactory() {
                @Override
                public DatabaseDriver create(DatabaseConfig config) {
                    throw new IllegalStateException("it serves nothing");
                }

                @Override
                public boolean serves(DatabaseConfig config) {
                    boolean byWorker = Thread.currentThread() == worker.get();
                    (byWorker ? asksWorker : asksOther).countDown();
                    Bench.await(byWorker ? answerWorker : answerOther);
                    return false;
                }
            }));
            Bench.await(asksOther);
            bench.registry.wakeAll();
            Bench.await(asksWorker);
            mayOpen.countDown();
            Bench.await(() -> isOpened(second));

            answerWorker.countDown();

            assertEquals("old", Bench.join(work));
            answerOther.countDown();
            Bench.join(announcement);
            Bench.join(withdrawal);
            assertAllClosedAfterUse();
        }
    }

    private static boolean isOpened(DriverSlot slot) {
        slot.state.lock();
        try {
            return slot.state.own().stream().anyMatch(own -> own.opened() != null);
        } finally {
            slot.state.unlockAndTell();
        }
    }

    @Test
    void threads_inWorkOnADepartingFactory_shareOneDriverOfIt() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(TWO);
            int threads = 8;
            var mayOpen = new CountDownLatch(1);
            Candidate old = bench.announce(1, config -> openOldOnceMay(mayOpen, config));
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

    /** It waits for what is being opened for it, though not for a factory. */
    @Test
    void work_onAThreadThatMustNotWait_waitsForItsOwnDriver() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.configure(TWO);
            DriverSlot second = bench.connections.slot("second");
            Candidate old = bench.announce(1, config -> {
                if (opened.size() == 2) {
                    Bench.await(() -> second.status().parked() == 1);
                }
                return openOld(config);
            });
            bench.answer();
            Bench.answer(second.driver());
            var finish = new CountDownLatch(1);
            var blocker = workThatWaits(second, finish, tx -> 1);

            CompletableFuture<Boolean> withdrawal = bench.transaction(tx -> {
                var close = Bench.async(() -> {
                    second.closeDriver();
                    return true;
                });
                awaitState(second, DriverState.DRAINING);
                CompletableFuture<Boolean> running = withdraw(bench, old);
                awaitState(bench.slot(), DriverState.DRAINING);
                bench.registry.feedBy(MUST_NOT_WAIT);
                assertEquals("old", Bench.answer(second.driver()));
                finish.countDown();
                return running.thenCombine(close, Boolean::logicalAnd);
            });

            assertTrue(Bench.join(withdrawal));
            assertEquals(1, Bench.join(blocker));
            assertEquals(3, opened.size());
            assertAllClosedAfterUse();
            assertNothingForced(bench);
        }
    }

    @Test
    void work_whoseOwnDriverHangsInItsOpening_waitsForOpenTimeoutOnly() throws Exception {
        try (Bench bench = Bench.withTimeouts(20_000, 20_000, 500)) {
            bench.configure(TWO);
            var mayOpen = new CountDownLatch(1);
            Candidate old = bench.announce(1, config -> openOldOnceMay(mayOpen, config));
            DriverSlot second = bench.connections.slot("second");
            bench.answer();

            withdrawUnder(bench, old, tx -> {
                assertThrows(DriverUnavailableException.class, second::driver);
                assertEquals(1, opened.size(), "it hangs");
                mayOpen.countDown();
            });

            Bench.await(() -> opened.size() == 2);
            assertAllClosedAfterUse();
            assertNothingForced(bench);
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
