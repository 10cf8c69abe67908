package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.SwapStrategy;
import dev.bunary.orm.driver.TransactionOptions;
import dev.bunary.orm.swap.DriverEvent.Kind;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Promise 13 for a factory that lets no copy of its engine beside another, but two of its own drivers side by side. */
@Timeout(60)
class ReconfigureTest {

    private static DatabaseConfig password(String password) {
        return DatabaseConfig.of("tiny", Map.of("path", "a", "password", password));
    }

    private static DriverFactory besideItself(DriverFactory create) {
        return new DriverFactory() {
            @Override
            public DatabaseDriver create(DatabaseConfig config) {
                return create.create(config);
            }

            @Override
            public SwapStrategy reconfigureStrategy(DatabaseConfig before, DatabaseConfig after) {
                return SwapStrategy.OVERLAP;
            }
        };
    }

    @Test
    void configure_byTheSameFactory_nobodyWaitsForWorkOnTheOldDriver() {
        try (Bench bench = Bench.patient()) {
            List<TinyDriver> opened = new CopyOnWriteArrayList<>();
            bench.announce(0, besideItself(config -> {
                var driver =
                        new TinyDriver("password " + config.find("password").orElse("none"));
                opened.add(driver);
                return driver;
            }));
            DatabaseDriver handle = bench.slot().driver();

            String inside = bench.slot().transaction(TransactionOptions.READ_WRITE, tx -> {
                bench.configure(password("new"));
                Bench.await(() -> Bench.async(() -> Bench.answer(handle)).join().equals("password new"));
                assertFalse(opened.get(0).isClosed(), "its transaction has not ended");
                return Bench.answer(tx);
            });

            assertEquals("password none", inside);
            Bench.await(() -> opened.get(0).isClosed());
            assertEquals(0, opened.get(0).usesAfterClose.get());
        }
    }

    @Test
    void configure_thenABetterFactory_theSecondOpensOnlyWhenTheFirstHasClosed() throws Exception {
        try (Bench bench = Bench.patient()) {
            var first = new TinyDriver("first");
            bench.announce(0, besideItself(config -> first));
            bench.answer();
            var open = new AtomicInteger();

            bench.announce(1, besideItself(config -> {
                if (!first.isClosed()) {
                    open.incrementAndGet();
                }
                return new TinyDriver("second");
            }));

            Bench.await(() -> bench.answer().equals("second"));
            assertEquals(0, open.get());
        }
    }

    @Test
    void configure_wrongly_theOldDriverStays_andTheWrongOneIsTriedOnce() throws Exception {
        try (Bench bench = Bench.patient()) {
            var tries = new AtomicInteger();
            bench.announce(0, besideItself(config -> {
                if (config.find("password").isPresent()) {
                    tries.incrementAndGet();
                    throw new ConfigurationException("tiny has no passwords");
                }
                return new TinyDriver("old");
            }));
            DatabaseDriver handle = bench.slot().driver();

            bench.configure(password("any"));

            String told = bench.await(Kind.QUARANTINED).message();
            assertTrue(told.contains("tiny has no passwords"), told);
            assertEquals("old", Bench.answer(handle));
            assertEquals("old", bench.answer());
            assertEquals(1, tries.get());
        }
    }

    @Test
    void configure_whileTheLastChangeIsBeingOpened_theLatestServesInTheEnd() throws Exception {
        try (Bench bench = Bench.patient()) {
            var opening = new CountDownLatch(1);
            var goOn = new CountDownLatch(1);
            bench.announce(0, besideItself(config -> {
                String password = config.find("password").orElse("none");
                if (password.equals("first")) {
                    opening.countDown();
                    Bench.await(goOn);
                }
                return new TinyDriver(password);
            }));
            DatabaseDriver handle = bench.slot().driver();
            bench.configure(password("first"));
            Bench.await(opening);

            bench.configure(password("second"));
            goOn.countDown();

            Bench.await(() -> Bench.answer(handle).equals("second"));
        }
    }
}
