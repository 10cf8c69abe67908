package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.SwapStrategy;
import dev.bunary.orm.driver.TransactionOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Threads use one connection in every way while others swap its driver in every way, for two seconds. No driver is used
 * after its close, none is closed twice or left open, and nobody fails but those who hold what was closed on purpose.
 */
@Timeout(120)
class SlotStressTest {
    private static final int WORKERS = 4;
    private static final long NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Queue<TinyDriver> opened = new ConcurrentLinkedQueue<>();
    private final AtomicLong operations = new AtomicLong();
    private final AtomicBoolean stop = new AtomicBoolean();

    private DriverFactory factory(SwapStrategy strategy) {
        return new DriverFactory() {
            @Override
            public DatabaseDriver create(DatabaseConfig config) {
                var driver = new TinyDriver("driver " + opened.size());
                opened.add(driver);
                return driver;
            }

            @Override
            public SwapStrategy swapStrategy(DatabaseConfig config) {
                return strategy;
            }
        };
    }

    @ParameterizedTest
    @EnumSource
    void useWhileSwapping_nothingFailsAndNoClosedDriverIsUsed(SwapStrategy strategy) throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        var random = new Random(seed);
        try (Bench bench = Bench.patient()) {
            bench.announce(0, factory(strategy)); // always one left, so that nobody waits for long
            var workers = new ArrayList<CompletableFuture<Boolean>>();
            for (int i = 0; i < WORKERS; i++) {
                long workerSeed = random.nextLong();
                workers.add(Bench.async(() -> work(bench, new Random(workerSeed))));
            }
            var swapper = Bench.async(() -> swap(bench, strategy, random));

            int swaps = Bench.join(swapper);
            stop.set(true);
            for (var worker : workers) {
                assertTrue(Bench.join(worker));
            }
            System.out.println(
                    strategy + ": " + swaps + " swaps, " + opened.size() + " drivers, " + operations + " operations");
            assertTrue(operations.get() > 1000, "operations: " + operations);
            assertTrue(opened.size() > 10, "drivers: " + opened.size());
        }
        for (TinyDriver driver : opened) {
            Bench.await(driver::isClosed);
            assertEquals(0, driver.usesAfterClose.get(), driver.name);
            assertEquals(1, driver.closes.get(), driver.name);
        }
    }

    private boolean work(Bench bench, Random random) {
        DriverSlot slot = bench.slot();
        while (!stop.get()) {
            switch (random.nextInt(4)) {
                case 0 -> throughAHandle(slot, Bench::answer);
                case 1 ->
                    slot.transaction(TransactionOptions.READ_WRITE, tx -> {
                        tx.exec("x");
                        throughAHandle(slot, Bench::answer);
                        return tx.exec("x");
                    });
                case 2 ->
                    throughAHandle(slot, driver -> {
                        try (Stream<String> rows = driver.query("x").stream(columns -> row -> row.getString(0))) {
                            rows.forEach(row -> throughAHandle(slot, Bench::answer));
                        }
                    });
                default -> {
                    Lease lease = slot.acquire();
                    try {
                        lease.driver().exec("x");
                    } finally {
                        lease.release();
                    }
                }
            }
            operations.incrementAndGet();
        }
        return true;
    }

    /** A handle may be reset, and its driver closed with its factory, between two lines here; nothing else may fail. */
    private static void throughAHandle(DriverSlot slot, Consumer<DatabaseDriver> use) {
        DatabaseDriver handle = slot.driver();
        try {
            use.accept(handle);
        } catch (DriverClosedException closed) {
            assertTrue(closed.getMessage().contains("its factory left"), closed.getMessage());
            assertNotSame(handle, slot.driver());
        }
    }

    private int swap(Bench bench, SwapStrategy strategy, Random random) {
        List<Candidate> extra = new ArrayList<>();
        List<DatabaseDriver> detached = new ArrayList<>();
        long end = System.nanoTime() + NANOS;
        int swaps = 0;
        for (; System.nanoTime() < end; swaps++) {
            switch (random.nextInt(6)) {
                case 0, 1 -> extra.add(bench.announce(random.nextInt(10), factory(strategy)));
                case 2, 3 -> {
                    if (!extra.isEmpty()) {
                        bench.registry.withdraw(extra.remove(random.nextInt(extra.size())));
                    }
                }
                case 4 -> bench.configure(DatabaseConfig.of("tiny", Map.of("path", "a", "password", "p" + swaps)));
                default -> {
                    detached.add(bench.slot().driver());
                    bench.slot().resetDriver();
                }
            }
        }
        extra.forEach(bench.registry::withdraw);
        for (DatabaseDriver driver : detached) {
            try {
                driver.close();
            } catch (DriverClosedException itsFactoryLeft) {
                assertTrue(itsFactoryLeft.getMessage().contains("closed"));
            }
        }
        return swaps;
    }
}
