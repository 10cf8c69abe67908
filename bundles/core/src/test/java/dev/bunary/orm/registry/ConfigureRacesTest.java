package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.swap.DriverEvent.Kind;
import dev.bunary.orm.swap.DriverState;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Promises 3 and 13 where a configuration comes at a bad moment, or its factory misbehaves. */
@Timeout(60)
class ConfigureRacesTest {
    private static final DatabaseConfig OTHER = DatabaseConfig.of("tiny", Map.of("path", "b"));

    @Test
    void configure_whichAnotherThreadIsApplying_holdsWhenItReturns() throws Exception {
        try (Bench bench = Bench.patient()) {
            var applying = new CountDownLatch(1);
            var goOn = new CountDownLatch(1);
            var slow = new AtomicReference<Thread>();
            bench.announce(0, new DriverFactory() {
                @Override
                public DatabaseDriver create(DatabaseConfig config) {
                    return new TinyDriver(config.require("path"));
                }

                @Override
                public Set<String> tuningProperties() {
                    if (Thread.currentThread() == slow.get()) {
                        applying.countDown();
                        Bench.await(goOn);
                    }
                    return Set.of();
                }
            });
            assertEquals("a", bench.answer());
            var first = Bench.async(() -> {
                slow.set(Thread.currentThread());
                bench.connections.configure(100, Map.of("default", OTHER), bench.connections.timeouts());
                return true;
            });
            Bench.await(applying);

            bench.connections.configure(100, Map.of("default", OTHER), bench.connections.timeouts());

            try {
                assertEquals("b", bench.answer());
            } finally {
                goOn.countDown();
            }
            Bench.join(first);
            assertEquals("b", bench.answer());
        }
    }

    @Test
    void configure_anotherPath_theFactoryGivesNullForItsTuningProperties_leadsToTheOtherDatabase() {
        try (Bench bench = Bench.patient()) {
            bench.announce(0, new DriverFactory() {
                @Override
                public DatabaseDriver create(DatabaseConfig config) {
                    return new TinyDriver(config.require("path"));
                }

                @Override
                public Set<String> tuningProperties() {
                    return null;
                }
            });
            assertEquals("a", bench.answer());

            bench.configure(OTHER);

            assertEquals("b", bench.answer());
        }
    }

    @Test
    void configure_anotherPath_theDriverOfTheFirstDoesNotClose_theOtherDatabaseIsOpened() throws Exception {
        try (Bench bench = Bench.withTimeouts(2_000, 100, 20_000)) {
            bench.announce(0, new DriverFactory() {
                @Override
                public DatabaseDriver create(DatabaseConfig config) {
                    return new TinyDriver(config.require("path")) {
                        @Override
                        public void close() {
                            throw new IllegalStateException("cannot close");
                        }
                    };
                }

                @Override
                public String engine(DatabaseConfig config) {
                    return config.require("path");
                }
            });
            assertEquals("a", bench.answer());
            bench.slot().closeDriver();
            Bench.await(() -> bench.slot().status().state() == DriverState.STUCK);

            bench.configure(OTHER);

            assertEquals("b", bench.answer());
        }
    }

    /** Otherwise a program that deletes the database after it took the connection out finds the file still open. */
    @Test
    void configure_withoutTheConnection_whileADriverDrainsBesideTheCurrentOne_closesThatTooBeforeItReturns()
            throws Exception {
        try (Bench bench = Bench.patient()) {
            var first = new TinyDriver("first");
            bench.announce(0, Bench.overlapping(config -> first));
            bench.answer();
            var inside = new CountDownLatch(1);
            var finish = new CountDownLatch(1);
            var work = Bench.async(() -> bench.<String>transaction(tx -> {
                inside.countDown();
                Bench.await(finish);
                return Bench.answer(tx);
            }));
            Bench.await(inside);
            bench.announce(1, Bench.overlapping(config -> new TinyDriver("second")));
            bench.await(Kind.REBOUND);

            var gone = Bench.async(() -> {
                bench.configure(Map.of());
                return first.isClosed();
            });
            Bench.await(() -> bench.told().stream().anyMatch(event -> event.kind() == Kind.DRAINING) || gone.isDone());
            finish.countDown();

            assertEquals("first", Bench.join(work));
            assertTrue(Bench.join(gone), "configure() returned before the driver was closed");
        }
    }
}
