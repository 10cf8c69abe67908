package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.DriverUnavailableException;
import dev.bunary.orm.driver.TransactionOptions;
import dev.bunary.orm.swap.DriverEvent;
import dev.bunary.orm.swap.DriverState;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Promises 9 and 10: engines of which one copy may be open, and those that hold the data. */
@Timeout(60)
class EngineTest {

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

    @Test
    void dataInTheEngine_lost_isGivenUpByResetDriver() {
        try (Bench bench = Bench.patient()) {
            Candidate first = bench.announce(0, holdingData("memory"));
            bench.answer();
            bench.announce(0, holdingData("empty"));
            bench.registry.withdraw(first);
            assertThrows(DriverClosedException.class, bench::answer);

            bench.slot().resetDriver();

            assertEquals("empty", bench.answer());
        }
    }

    @Test
    void dataInTheEngine_lost_isNotForgottenByAChangeOfTuning() {
        try (Bench bench = Bench.patient()) {
            Candidate first = bench.announce(0, holdingData("memory"));
            DatabaseDriver following = bench.slot().driver();
            bench.registry.withdraw(first);
            bench.announce(0, holdingData("empty"));

            bench.configure(DatabaseConfig.of("tiny", Map.of("path", "a", "password", "other")));

            assertThrows(DriverClosedException.class, () -> Bench.answer(following));
            assertThrows(DriverClosedException.class, bench::answer);
        }
    }

    // ---- engines

    @Test
    void engine_aSecondCopyOfTheEngine_isRefusedWhileTheFirstStaysOpen() throws Exception {
        try (Bench bench = Bench.withTimeouts(20_000, 200, 20_000)) {
            bench.announce(0, config -> new TinyDriver("first copy"));
            bench.answer();
            DatabaseDriver detached = bench.slot().driver();
            bench.slot().resetDriver(); // still open, so still the one copy
            bench.announce(1, Bench.secondCopy(() -> new TinyDriver("second copy")));

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
            bench.announce(0, Bench.secondCopy(() -> new TinyDriver("second copy")));

            var failure = assertThrows(DriverUnavailableException.class, bench::answer);

            assertEquals(0, bench.slot().status().generation(), failure.getMessage());
        }
    }

    @Test
    void engine_usedByTwoOrms_isSwappedOnBothForABetterCopy() throws Exception {
        try (Bench bench = Bench.patient();
                Connections second = bench.registry.connect(bench.connections.timeouts())) {
            second.configure(1, Map.of("default", Bench.TINY), bench.connections.timeouts());
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
                bench.announce(1, Bench.secondCopy(() -> {
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
}
