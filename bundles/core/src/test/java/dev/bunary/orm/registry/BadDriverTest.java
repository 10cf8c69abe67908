package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.DriverUnavailableException;
import dev.bunary.orm.swap.DriverEvent;
import dev.bunary.orm.swap.DriverState;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Promise 11: a bad driver does not take the service down. */
@Timeout(60)
class BadDriverTest {

    @Test
    void open_factoryThrows_onlyFactory_failsAtOnceWithTheCause() {
        try (Bench bench = Bench.patient()) {
            bench.announce(0, config -> {
                throw new IllegalArgumentException("broken on purpose");
            });

            var failure = assertThrows(DriverUnavailableException.class, bench::answer);

            assertEquals("broken on purpose", failure.getCause().getMessage());
            assertTrue(
                    failure.getMessage().endsWith("; see to the cause; it is tried again at the next use"),
                    failure::getMessage);
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
    void close_thatHangs_leavesTheConnectionStuckUntilItReturnsAfterAll() throws Exception {
        var goOn = new CountDownLatch(1);
        try (Bench bench = Bench.withTimeouts(20_000, 100, 20_000)) {
            var creates = new AtomicInteger();
            bench.announce(
                    0,
                    config -> creates.incrementAndGet() > 1
                            ? new TinyDriver("second")
                            : new TinyDriver("first") {
                                @Override
                                public void close() {
                                    Bench.await(goOn);
                                }
                            });
            bench.answer();
            bench.slot().closeDriver();
            assertEquals(DriverState.STUCK, bench.slot().status().state());
            var parked = Bench.async(bench::answer);
            Bench.await(() -> bench.slot().status().parked() == 1);

            goOn.countDown();

            assertEquals("second", Bench.join(parked));
        }
    }

    /** A server does not mind a session that hangs beside the next one. */
    @Test
    void close_thatThrowsOrHangs_ofADriverThatMayOverlap_isInNobodysWay() throws Exception {
        var goOn = new CountDownLatch(1);
        try (Bench bench = Bench.withTimeouts(20_000, 100, 20_000)) {
            var creates = new AtomicInteger();
            bench.announce(0, Bench.overlapping(config -> new TinyDriver("number " + creates.incrementAndGet()) {
                @Override
                public void close() {
                    if (creates.get() == 1) {
                        throw new IllegalStateException("cannot close");
                    }
                    Bench.await(goOn);
                }
            }));
            assertEquals("number 1", bench.answer());
            bench.slot().closeDriver();
            assertEquals("number 2", bench.answer());
            bench.slot().closeDriver();
            assertEquals("number 3", bench.answer());
        } finally {
            goOn.countDown();
        }
    }

    /** Nobody else serves, so the caller waits for the tries, which come less and less often. */
    @Test
    void open_factoryThatHasServedFails_isTriedAgainWithGrowingPausesWhileACallerWaits() throws Exception {
        try (Bench bench = Bench.patient()) {
            var tries = new CopyOnWriteArrayList<Long>();
            Candidate good = bench.announce(0, config -> new TinyDriver("good"));
            bench.answer();
            bench.registry.withdraw(good);
            var parked = Bench.async(bench::answer);
            Bench.await(() -> bench.slot().status().parked() == 1);

            bench.announce(0, config -> {
                tries.add(System.nanoTime());
                if (tries.size() < 4) {
                    throw new IllegalStateException("not yet");
                }
                return new TinyDriver("at the fourth try");
            });

            assertEquals("at the fourth try", Bench.join(parked));
            for (int pause = 0; pause < 3; pause++) { // 100, 200 and 400 ms, at least
                long nanos = tries.get(pause + 1) - tries.get(pause);
                assertTrue(nanos >= 100_000_000L << pause, () -> "tries at " + tries);
            }
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
            assertTrue(failure.getMessage().endsWith("; resetDriver() gives it up"), failure::getMessage);
            bench.slot().resetDriver();
            assertEquals("second", bench.answer());
        }
    }
}
