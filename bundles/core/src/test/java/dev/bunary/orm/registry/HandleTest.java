package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.swap.DriverEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Promise 3: handles follow, are detached, closed or stale. */
@Timeout(60)
class HandleTest {

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
    void handle_afterTheTypeChanged_isStaleAndNamesBothTypes() {
        try (Bench bench = Bench.patient()) {
            bench.announce(0, config -> new TinyDriver("tiny"));
            DatabaseDriver stale = bench.slot().driver();

            bench.configure(DatabaseConfig.of("other", Map.of("path", "a")));

            var failure = assertThrows(DriverClosedException.class, () -> Bench.answer(stale));
            assertTrue(failure.getMessage().contains("its type is 'other' instead of 'tiny'"), failure.getMessage());
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

    /** The driver's bundle is being updated, so nobody can be asked which properties are tuning. */
    @Test
    void handle_parkedWhileThePasswordChanges_followsToTheNextDriver() throws Exception {
        try (Bench bench = Bench.patient()) {
            Candidate old = bench.announce(0, config -> new TinyDriver("old"));
            DatabaseDriver following = bench.slot().driver();
            bench.registry.withdraw(old);
            var parked = Bench.async(() -> Bench.answer(following));
            Bench.await(() -> bench.slot().status().parked() == 1);

            bench.configure(DatabaseConfig.of("tiny", Map.of("path", "a", "password", "secret")));
            bench.announce(0, config -> new TinyDriver(config.require("password")));

            assertEquals("secret", Bench.join(parked));
            assertEquals("secret", Bench.answer(following));
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

    @Test
    void configure_withoutAConnection_itsDriverIsDrainedAndClosedWhenThatReturns() throws Exception {
        try (Bench bench = Bench.patient()) {
            var driver = new TinyDriver("a");
            bench.announce(0, config -> driver);
            DatabaseDriver handle = bench.slot().driver();
            Lease held = bench.slot().acquire();
            var cleared = Bench.async(() -> {
                bench.configure(Map.of());
                return driver.isClosed();
            });
            bench.await(DriverEvent.Kind.DRAINING);
            held.release();

            assertTrue(Bench.join(cleared), "its driver was still open");
            var stale = assertThrows(DriverClosedException.class, () -> Bench.answer(handle));
            assertTrue(stale.getMessage().contains("is not configured any more"), stale.getMessage());
            assertThrows(ConfigurationException.class, bench::answer);
        }
    }
}
