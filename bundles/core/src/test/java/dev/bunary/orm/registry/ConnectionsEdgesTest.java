package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.DriverUnavailableException;
import dev.bunary.orm.driver.SwapStrategy;
import dev.bunary.orm.swap.DriverListener;
import dev.bunary.orm.swap.Registration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Factories that answer nothing, listeners that are registered twice, threads that are interrupted. */
@Timeout(60)
class ConnectionsEdgesTest {
    /** An engine of which nobody says that copies may be open side by side. */
    private record Copy(Object copy, @Nullable SwapStrategy swapStrategy) implements DriverFactory {
        @Override
        public DatabaseDriver create(DatabaseConfig config) {
            return new TinyDriver("of " + copy);
        }

        @Override
        public @Nullable SwapStrategy swapStrategy(DatabaseConfig config) {
            return swapStrategy;
        }

        @Override
        public Object engineCopy(DatabaseConfig config) {
            return copy;
        }
    }

    @Test
    void open_aFactoryWithoutASwapStrategy_isTakenForExclusive() {
        try (Bench bench = Bench.withTimeouts(2_000, 200, 20_000)) {
            bench.announce(0, new Copy("copy 1", null));
            bench.answer();
            DatabaseDriver kept = bench.slot().driver();
            bench.slot().resetDriver(); // still open, so still the one copy
            bench.announce(1, new Copy("copy 2", SwapStrategy.EXCLUSIVE));

            assertEquals("of copy 1", bench.answer());
            kept.close();
        }
    }

    @Test
    void listener_registeredTwice_closingOneTwiceLeavesTheOther() throws Exception {
        try (Bench bench = Bench.patient()) {
            var told = new CountDownLatch(1);
            DriverListener listener = event -> told.countDown();
            Registration first = bench.connections.listen(listener);
            bench.connections.listen(listener);

            first.close();
            first.close();

            bench.announce(0, config -> new TinyDriver("any"));
            bench.answer();
            Bench.await(told);
        }
    }

    @Test
    void openUncached_interrupted_opensNoneOfTheOtherFactories() throws Exception {
        try (Bench bench = Bench.patient()) {
            var thread = new AtomicReference<Thread>();
            var opening = new CountDownLatch(1);
            var goOn = new CountDownLatch(1);
            var others = new AtomicInteger();
            bench.announce(0, config -> {
                others.incrementAndGet();
                return new TinyDriver("lesser");
            });
            bench.announce(1, config -> {
                opening.countDown();
                Bench.await(goOn);
                return new TinyDriver("best");
            });
            var caller = Bench.async(() -> {
                thread.set(Thread.currentThread());
                assertThrows(DriverUnavailableException.class, () -> bench.connections.open(Bench.TINY));
                return Thread.currentThread().isInterrupted();
            });
            Bench.await(opening);

            thread.get().interrupt();

            assertTrue(Bench.join(caller), "the interrupt is lost");
            goOn.countDown();
            Bench.await(() -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(each -> each.getName().startsWith("bunary-open")));
            assertEquals(0, others.get());
        }
    }
}
