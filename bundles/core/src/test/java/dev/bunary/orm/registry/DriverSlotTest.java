package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.DriverSwappedException;
import dev.bunary.orm.driver.DriverUnavailableException;
import dev.bunary.orm.driver.NoDriverException;
import dev.bunary.orm.driver.Row;
import dev.bunary.orm.driver.SwapStrategy;
import dev.bunary.orm.driver.TransactionCallback;
import dev.bunary.orm.driver.TransactionOptions;
import dev.bunary.orm.driver.TransactionStateException;
import dev.bunary.orm.swap.DriverEvent;
import dev.bunary.orm.swap.DriverState;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DriverSlotTest {

    private static <T> T inTransaction(Bench bench, TransactionCallback<T> work) {
        return bench.slot().transaction(TransactionOptions.READ_WRITE, work);
    }

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

    // ---- promise 3: handles

    @Test
    void handle_afterReset_staysOnItsOwnDriver_andOwnsIt() {
        try (Bench bench = Bench.patient()) {
            var opened = Collections.synchronizedList(new ArrayList<TinyDriver>());
            bench.announce(0, config -> {
                var driver = new TinyDriver("d" + opened.size());
                opened.add(driver);
                return driver;
            });
            DatabaseDriver detached = bench.slot().driver();
            bench.slot().resetDriver();
            bench.slot().resetDriver();

            assertEquals("d1", bench.answer());
            assertEquals("d0", Bench.answer(detached));
            assertFalse(opened.get(0).isClosed());

            detached.close();
            assertTrue(opened.get(0).isClosed());
            assertThrows(DriverClosedException.class, () -> Bench.answer(detached));
            assertEquals("d1", bench.answer());
        }
    }

    @Test
    void handle_detached_isClosedWhenItsFactoryLeaves() {
        try (Bench bench = Bench.patient()) {
            var driver = new TinyDriver("a");
            Candidate factory = bench.announce(0, config -> driver);
            DatabaseDriver detached = bench.slot().driver();
            bench.slot().resetDriver();

            bench.registry.withdraw(factory);

            assertTrue(driver.isClosed());
            assertThrows(DriverClosedException.class, () -> detached.exec("x"));
        }
    }

    @Test
    void handle_afterCloseDriver_throws_andTheNextUseOpensANewDriver() {
        try (Bench bench = Bench.patient()) {
            var creates = new AtomicInteger();
            bench.announce(0, config -> new TinyDriver("d" + creates.incrementAndGet()));
            DatabaseDriver closed = bench.slot().driver();

            bench.slot().closeDriver();
            bench.slot().closeDriver();

            assertThrows(DriverClosedException.class, () -> closed.exec("x"));
            assertThrows(DriverClosedException.class, () -> closed.query("x"));
            assertThrows(DriverClosedException.class, () -> closed.transaction(tx -> 1));
            assertEquals("d2", bench.answer());
        }
    }

    @Test
    void handleClose_ofACurrentHandle_closesTheDriver_ofAnOlderOneDoesNothing() {
        try (Bench bench = Bench.patient()) {
            bench.announce(0, config -> new TinyDriver("a"));
            DatabaseDriver older = bench.slot().driver();
            var b = new TinyDriver("b");
            bench.announce(1, config -> b);
            DatabaseDriver current = bench.slot().driver();

            older.close();
            assertFalse(b.isClosed());
            current.close();
            assertTrue(b.isClosed());
        }
    }

    @Test
    void handle_afterThePathChanged_isStaleAndNamesTheProperty() {
        try (Bench bench = Bench.patient()) {
            bench.announce(0, config -> new TinyDriver(config.require("path")));
            DatabaseDriver stale = bench.slot().driver();

            bench.configure(DatabaseConfig.of("tiny", Map.of("path", "b")));

            var failure = assertThrows(DriverClosedException.class, () -> Bench.answer(stale));
            assertTrue(failure.getMessage().contains("property 'path' changed"), failure.getMessage());
            assertEquals("b", bench.answer());
        }
    }

    @Test
    void handle_afterThePasswordChanged_followsToANewDriver() {
        try (Bench bench = Bench.patient()) {
            bench.announce(0, config -> new TinyDriver(config.find("password").orElse("none")));
            DatabaseDriver following = bench.slot().driver();

            bench.configure(DatabaseConfig.of("tiny", Map.of("path", "a", "password", "secret")));

            assertEquals("secret", Bench.answer(following));
            assertNotSame(following, bench.slot().driver());
        }
    }

    @Test
    void configure_withAnEqualConfiguration_doesNothing() {
        try (Bench bench = Bench.patient()) {
            bench.announce(0, config -> new TinyDriver("a"));
            DatabaseDriver before = bench.slot().driver();

            bench.configure(DatabaseConfig.of("tiny", Map.of("path", "a")));

            assertSame(before, bench.slot().driver());
        }
    }

    // ---- promise 4: nobody fails in the gap

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
            var work = Bench.async(() -> inTransaction(bench, tx -> {
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
            assertTrue(failure.getMessage().contains("registerDriver(\"tiny\", factory)"), failure.getMessage());
            assertEquals("default", failure.connection().orElseThrow());
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
                assertThrows(DriverUnavailableException.class, bench::answer);
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

    @Test
    void stream_onOneConnection_mayUseAnotherConnectionOfTheDepartingFactory() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.connections.configure(
                    Map.of("default", Bench.TINY, "second", Bench.TINY), bench.connections.timeouts());
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

            String inside = inTransaction(bench, tx -> {
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
            inTransaction(bench, tx -> {
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
            inTransaction(bench, tx -> {
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
            var work = Bench.async(() -> inTransaction(bench, tx -> {
                inside.countDown();
                Bench.await(finish);
                return 1; // swallows nothing, sees nothing: must not be committed all the same
            }));
            Bench.await(inside);

            bench.registry.withdraw(factory);

            assertTrue(old.isClosed());
            String told = bench.await(DriverEvent.Kind.FORCED).message();
            assertTrue(told.contains("held by thread"), told);
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
            var work = Bench.async(() -> inTransaction(bench, tx -> {
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
                    () -> inTransaction(bench, tx -> {
                        bench.registry.withdraw(factory);
                        return 1;
                    }));

            assertTrue(failure.isOutcomeKnown());
        }
    }

    // ---- promise 10: data that lives in the engine

    /** A factory for drivers that hold their data. */
    private static DriverFactory holdingData(String name) {
        return new DriverFactory() {
            @Override
            public DatabaseDriver create(DatabaseConfig config) {
                return new TinyDriver(name);
            }

            @Override
            public boolean holdsData(DatabaseConfig config) {
                return true;
            }
        };
    }

    @Test
    void dataInTheEngine_isNotSwappedForABetterFactory_andItsLossIsNamed() {
        try (Bench bench = Bench.patient()) {
            Candidate first = bench.announce(0, holdingData("memory"));
            assertEquals("memory", bench.answer());
            bench.announce(1, holdingData("better"));
            assertEquals("memory", bench.answer());

            bench.registry.withdraw(first);

            var failure = assertThrows(DriverClosedException.class, bench::answer);
            assertTrue(failure.getMessage().contains("data lived in the driver"), failure.getMessage());
            bench.slot().closeDriver();
            assertEquals("better", bench.answer());
        }
    }

    // ---- promise 11: a bad driver

    @Test
    void open_factoryThrows_onlyFactory_failsAtOnceWithTheCause() {
        try (Bench bench = Bench.patient()) {
            bench.announce(0, config -> {
                throw new IllegalArgumentException("broken on purpose");
            });

            var failure = assertThrows(DriverUnavailableException.class, bench::answer);

            assertEquals("broken on purpose", failure.getCause().getMessage());
            assertEquals("UNBOUND", failure.state());
        }
    }

    @Test
    void open_factoryBreaksInAnyWay_theNextOneServes() throws Exception {
        DriverFactory throwing = config -> {
            throw new IllegalArgumentException("on purpose");
        };
        DriverFactory failing = config -> {
            throw new NoClassDefFoundError("on purpose");
        };
        DriverFactory returningNull = config -> null;
        var unable = new TinyDriver("unable");
        unable.close();
        DriverFactory unableToQuery = config -> unable;
        for (DriverFactory broken : List.of(throwing, failing, returningNull, unableToQuery)) {
            try (Bench bench = Bench.patient()) {
                bench.announce(1, broken);
                bench.announce(0, config -> new TinyDriver("good"));
                assertEquals("good", bench.answer());
                bench.await(DriverEvent.Kind.QUARANTINED);
            }
        }
    }

    @Test
    void open_factoryHangs_theNextOneServes_andTheLateDriverIsClosed() throws Exception {
        var late = new TinyDriver("late");
        var goOn = new CountDownLatch(1);
        try (Bench bench = Bench.withTimeouts(20_000, 1000, 100)) {
            bench.announce(1, config -> {
                Bench.await(goOn);
                return late;
            });
            bench.announce(0, config -> new TinyDriver("good"));

            assertEquals("good", bench.answer());

            goOn.countDown();
            Bench.await(late::isClosed);
        }
    }

    @Test
    void open_aConfigurationIsWrong_failsAtOnceAndIsTriedAgainAtOnce() {
        try (Bench bench = Bench.patient()) {
            bench.announce(0, config -> new TinyDriver(config.require("missing")));

            assertThrows(ConfigurationException.class, bench::answer);
            var failure = assertThrows(ConfigurationException.class, bench::answer);

            assertTrue(failure.getMessage().contains("'missing'"), failure.getMessage());
            assertTrue(bench.told().isEmpty(), "no quarantine");
        }
    }

    @Test
    void open_configurationChangedMeanwhile_nothingRunsOnTheOldDatabase() throws Exception {
        try (Bench bench = Bench.patient()) {
            var opening = new CountDownLatch(1);
            var goOn = new CountDownLatch(1);
            var first = new AtomicReference<TinyDriver>();
            bench.announce(0, config -> {
                var driver = new TinyDriver(config.require("path"));
                if (first.compareAndSet(null, driver)) {
                    opening.countDown();
                    Bench.await(goOn);
                }
                return driver;
            });
            var caller = Bench.async(bench::answer);
            Bench.await(opening);

            bench.configure(DatabaseConfig.of("tiny", Map.of("path", "b")));
            goOn.countDown();

            assertEquals("b", Bench.join(caller));
            Bench.await(first.get()::isClosed);
        }
    }

    @Test
    void withdraw_whileItsFactoryIsOpening_waitsForItAndClosesWhatComes() throws Exception {
        try (Bench bench = Bench.patient()) {
            var opening = new CountDownLatch(1);
            var goOn = new CountDownLatch(1);
            var driver = new TinyDriver("old");
            Candidate old = bench.announce(1, config -> {
                opening.countDown();
                Bench.await(goOn);
                return driver;
            });
            bench.announce(0, config -> new TinyDriver("new"));
            var caller = Bench.async(bench::answer);
            Bench.await(opening);
            var withdrawal = Bench.async(() -> {
                bench.registry.withdraw(old);
                return driver.isClosed();
            });

            Bench.await(old::hasDeparted);
            goOn.countDown();

            assertTrue(Bench.join(withdrawal), "closed before withdraw returned");
            assertEquals("new", Bench.join(caller));
        }
    }

    @Test
    void close_thatThrows_leavesTheConnectionStuckUntilReset() {
        try (Bench bench = Bench.withTimeouts(200, 200, 20_000)) {
            var creates = new AtomicInteger();
            bench.announce(
                    0,
                    config -> creates.incrementAndGet() > 1
                            ? new TinyDriver("second")
                            : new TinyDriver("first") {
                                @Override
                                public void close() {
                                    throw new IllegalStateException("cannot close");
                                }
                            });
            bench.answer();
            bench.slot().closeDriver();

            assertEquals(DriverState.STUCK, bench.slot().status().state());
            var failure = assertThrows(DriverUnavailableException.class, bench::answer);
            assertEquals("cannot close", failure.getCause().getMessage());
            bench.slot().resetDriver();
            assertEquals("second", bench.answer());
        }
    }

    // ---- OVERLAP

    @Test
    void overlap_aBetterFactory_opensBesideTheOldDriver_whichServesMeanwhile() throws Exception {
        try (Bench bench = Bench.patient()) {
            var old = new TinyDriver("old");
            bench.announce(0, Bench.overlapping(config -> old));
            DatabaseDriver before = bench.slot().driver();
            var opening = new CountDownLatch(1);
            var goOn = new CountDownLatch(1);
            bench.announce(1, Bench.overlapping(config -> {
                opening.countDown();
                Bench.await(goOn);
                return new TinyDriver("new");
            }));
            Bench.await(opening);

            assertEquals("old", Bench.answer(before), "nobody waits");
            var asked = Bench.async(() -> bench.slot().driver());
            Bench.await(() -> bench.slot().status().parked() == 1);
            goOn.countDown();

            DatabaseDriver after = Bench.join(asked);
            assertNotSame(before, after);
            assertEquals("new", Bench.answer(after));
            assertEquals("new", Bench.answer(before));
            Bench.await(old::isClosed);
            assertEquals(0, old.usesAfterClose.get());
        }
    }

    @Test
    void overlap_theNewFactoryIsBroken_theOldDriverStays() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.announce(0, Bench.overlapping(config -> new TinyDriver("old")));
            DatabaseDriver before = bench.slot().driver();
            bench.announce(1, Bench.overlapping(config -> {
                throw new IllegalStateException("on purpose");
            }));
            bench.await(DriverEvent.Kind.QUARANTINED);

            assertSame(before, bench.slot().driver());
            assertEquals("old", bench.answer());
        }
    }

    @Test
    void overlap_theOldDriversTransaction_endsOnIt_whileOthersUseTheNewOne() throws Exception {
        try (Bench bench = Bench.patient()) {
            var old = new TinyDriver("old");
            bench.announce(0, Bench.overlapping(config -> old));
            bench.answer();
            String inside = inTransaction(bench, tx -> {
                bench.announce(1, Bench.overlapping(config -> new TinyDriver("new")));
                Bench.await(() -> Bench.async(bench::answer).join().equals("new"));
                return bench.slot()
                        .acquire()
                        .driver()
                        .query("x")
                        .get()
                        .orElseThrow()
                        .getString(0);
            });
            assertEquals("old", inside);
            Bench.await(old::isClosed);
        }
    }

    @Test
    void factory_thatCannotEvenTellItsStrategy_doesNotGetTheServingDriverEvicted() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.announce(0, config -> new TinyDriver("good"));
            DatabaseDriver before = bench.slot().driver();
            bench.announce(1, new DriverFactory() {
                @Override
                public DatabaseDriver create(DatabaseConfig config) {
                    return new TinyDriver("broken");
                }

                @Override
                public SwapStrategy swapStrategy(DatabaseConfig config) {
                    throw new IllegalStateException("on purpose");
                }
            });
            bench.await(DriverEvent.Kind.QUARANTINED);
            assertSame(before, bench.slot().driver());
        }
    }

    // ---- engines

    /** A factory whose class has a loader of its own, as a second copy of a driver's bundle would. */
    private static DriverFactory secondCopy(Supplier<DatabaseDriver> create) {
        return (DriverFactory) Proxy.newProxyInstance(
                new ClassLoader(DriverSlotTest.class.getClassLoader()) {},
                new Class<?>[] {DriverFactory.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "create" -> create.get();
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == arguments[0];
                    case "toString" -> "second copy";
                    default -> InvocationHandler.invokeDefault(proxy, method, arguments);
                });
    }

    @Test
    void engine_aSecondCopyOfTheEngine_isRefusedWhileTheFirstStaysOpen() throws Exception {
        try (Bench bench = Bench.withTimeouts(20_000, 200, 20_000)) {
            bench.announce(0, config -> new TinyDriver("first copy"));
            bench.answer();
            DatabaseDriver detached = bench.slot().driver();
            bench.slot().resetDriver(); // still open, so still the one copy
            bench.announce(1, secondCopy(() -> new TinyDriver("second copy")));

            assertEquals("first copy", bench.answer());
            String told = bench.await(DriverEvent.Kind.QUARANTINED).message();
            assertTrue(told.contains("in use by test 1.0 (test 0)"), told);
            detached.close();
        }
    }

    @Test
    void engine_ofAHalfOpenedDriverThatCannotClose_isNotOpenedByASecondCopy() {
        try (Bench bench = Bench.withTimeouts(20_000, 100, 20_000)) {
            var unable = new TinyDriver("unable") {
                @Override
                public void close() {
                    super.close(); // no query works from now on
                    throw new IllegalStateException("cannot close");
                }
            };
            assertThrows(IllegalStateException.class, unable::close);
            bench.announce(1, config -> unable);
            bench.announce(0, secondCopy(() -> new TinyDriver("second copy")));

            var failure = assertThrows(DriverUnavailableException.class, bench::answer);

            assertEquals(0, bench.slot().status().generation(), failure.getMessage());
        }
    }

    @Test
    void engine_usedByTwoOrms_isSwappedOnBothForABetterCopy() throws Exception {
        try (Bench bench = Bench.patient();
                Connections second = bench.registry.connect(bench.connections.timeouts())) {
            second.configure(Map.of("default", Bench.TINY), bench.connections.timeouts());
            var open = new AtomicInteger();
            var overlaps = new AtomicInteger();
            DriverSlot other = second.slot("default");
            bench.announce(0, config -> new TinyDriver("old") {
                {
                    open.incrementAndGet();
                }

                @Override
                public void close() {
                    open.decrementAndGet();
                    super.close();
                }
            });
            bench.answer();
            var swapped = new AtomicReference<CompletableFuture<String>>();

            other.transaction(TransactionOptions.READ_WRITE, tx -> {
                bench.announce(1, secondCopy(() -> {
                    overlaps.addAndGet(open.get());
                    return new TinyDriver("new");
                }));
                swapped.set(Bench.async(bench::answer));
                Bench.await(() -> bench.slot().status().state() == DriverState.OPENING);
                return Bench.answer(tx);
            });

            assertEquals("new", Bench.join(swapped.get()));
            assertEquals("new", Bench.answer(other.driver()));
            assertEquals(0, overlaps.get(), "drivers of the first copy that were open when the second opened");
        }
    }

    // ---- uncached drivers, status, events

    @Test
    void open_uncached_belongsToTheCaller_andLeavesWithItsFactory() {
        try (Bench bench = Bench.patient()) {
            var opened = new AtomicReference<TinyDriver>();
            Candidate factory = bench.announce(0, config -> {
                opened.set(new TinyDriver(config.require("path")));
                return opened.get();
            });
            DatabaseDriver own = bench.connections.open(DatabaseConfig.of("tiny", Map.of("path", "own")));
            assertEquals("own", Bench.answer(own));
            own.close();
            assertTrue(opened.get().isClosed());

            DatabaseDriver left = bench.connections.open(DatabaseConfig.of("tiny", Map.of("path", "own")));
            bench.registry.withdraw(factory);
            assertTrue(opened.get().isClosed());
            assertThrows(DriverClosedException.class, () -> left.exec("x"));
        }
    }

    @Test
    void status_whileWorkIsOpen_tellsLeasesAndTheLongestHolder() {
        try (Bench bench = Bench.patient()) {
            bench.announce(5, config -> new TinyDriver("a"));
            inTransaction(bench, tx -> {
                var status = bench.slot().status();
                assertEquals(DriverState.BOUND, status.state());
                assertEquals(1, status.leases());
                assertEquals(
                        Thread.currentThread().getName(),
                        status.longest().orElseThrow().thread());
                assertEquals("serves", status.candidates().get(0).reason());
                assertEquals(5, status.factory().orElseThrow().ranking());
                return 1;
            });
            assertEquals(0, bench.slot().status().leases());
        }
    }

    @Test
    void secret_thatADriverQuotes_isInNoMessageEventOrStatus() throws Exception {
        try (Bench bench = Bench.withTimeouts(300, 300, 300)) {
            bench.configure(DatabaseConfig.of("tiny", Map.of("password", "s3cret")));
            bench.announce(0, config -> {
                throw new IllegalStateException("cannot log in with " + config.require("password"));
            });
            var failure = assertThrows(
                    DriverUnavailableException.class, () -> bench.slot().driver());

            assertTrue(failure.getMessage().contains("cannot log in with ***"), failure.getMessage());
            String event = bench.await(DriverEvent.Kind.QUARANTINED).toString();
            assertTrue(event.contains("cannot log in with ***"), event);
            String status = bench.slot().status().toString();
            assertTrue(status.contains("cannot log in with ***"), status);
        }
    }

    @Test
    void listener_thatThrowsAnError_isToldOfTheNextEventToo() throws Exception {
        try (Bench bench = Bench.patient()) {
            var told = new CountDownLatch(2);
            bench.connections.listen(event -> {
                told.countDown();
                throw new AssertionError("on " + event.kind());
            });
            bench.announce(0, config -> new TinyDriver("a"));
            bench.answer();
            bench.slot().closeDriver();
            bench.answer();

            Bench.await(told);
        }
    }

    @Test
    void listener_mayCallBackIntoTheOrm() throws Exception {
        try (Bench bench = Bench.patient()) {
            var answers = Collections.synchronizedList(new ArrayList<String>());
            bench.connections.listen(event -> {
                if (event.kind() == DriverEvent.Kind.BOUND) {
                    answers.add(bench.answer());
                }
            });
            bench.announce(0, config -> new TinyDriver("a"));
            bench.answer();
            Bench.await(() -> answers.size() == 1);
            assertEquals(List.of("a"), answers);
        }
    }

    @Test
    void use_afterClose_throws() {
        Bench bench = Bench.patient();
        bench.announce(0, config -> new TinyDriver("a"));
        DatabaseDriver driver = bench.slot().driver();
        bench.close();
        bench.close();
        assertThrows(DriverClosedException.class, () -> driver.exec("x"));
        assertThrows(DriverClosedException.class, bench::answer);
    }

    @Test
    void stream_readToItsEnd_endsItsLeaseWithoutClose() {
        try (Bench bench = Bench.patient()) {
            bench.announce(0, config -> new TinyDriver("a"));
            Stream<Row> stream = bench.slot().driver().query("x").stream(Row.reader());
            assertEquals(1, bench.slot().status().leases());
            assertEquals(1, stream.count());
            assertEquals(0, bench.slot().status().leases());
        }
    }

    // ---- promise 14: no leaks

    @Test
    void oldHandle_afterASwap_doesNotKeepTheDriverItWasBornWith() {
        try (Bench bench = Bench.patient()) {
            var first = new AtomicReference<WeakReference<TinyDriver>>();
            bench.announce(0, config -> {
                var driver = new TinyDriver("a");
                first.set(new WeakReference<>(driver));
                return driver;
            });
            DatabaseDriver old = bench.slot().driver();
            bench.announce(1, config -> new TinyDriver("b"));

            assertEquals("b", Bench.answer(old));
            Bench.await(() -> {
                System.gc();
                return first.get().refersTo(null);
            });
        }
    }

    @Test
    void detachedHandle_afterItsFactoryLeft_doesNotKeepItsDriver() {
        try (Bench bench = Bench.patient()) {
            var opened = new AtomicReference<WeakReference<TinyDriver>>();
            Candidate factory = bench.announce(0, config -> {
                var driver = new TinyDriver("a");
                opened.set(new WeakReference<>(driver));
                return driver;
            });
            DatabaseDriver detached = bench.slot().driver();
            assertEquals("a", Bench.answer(detached));
            bench.slot().resetDriver();
            assertEquals("a", Bench.answer(detached));

            bench.registry.withdraw(factory);

            assertThrows(DriverClosedException.class, () -> Bench.answer(detached));
            Bench.await(() -> {
                System.gc();
                return opened.get().refersTo(null);
            });
        }
    }

    @Test
    void factory_thatMakesAThreadOfTheJdk_doesNotPassItsLoaderOn() {
        try (Bench bench = Bench.patient()) {
            var seen = new AtomicReference<ClassLoader>();
            var loader = new ClassLoader(DriverFactory.class.getClassLoader()) {};
            // a class of a loader of its own, as a driver's is
            var factory = (DriverFactory) Proxy.newProxyInstance(
                    loader, new Class<?>[] {DriverFactory.class}, (proxy, method, arguments) -> {
                        if (!method.getName().equals("create")) {
                            return InvocationHandler.invokeDefault(proxy, method, arguments);
                        }
                        seen.set(Thread.currentThread().getContextClassLoader());
                        return new TinyDriver("a");
                    });
            assertSame(loader, factory.getClass().getClassLoader());
            bench.announce(0, factory);

            assertEquals("a", bench.answer());
            assertSame(DriverSlot.class.getClassLoader(), seen.get());
        }
    }
}
