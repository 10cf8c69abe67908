package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.SwapStrategy;
import dev.bunary.orm.driver.TransactionCallback;
import dev.bunary.orm.driver.TransactionOptions;
import dev.bunary.orm.swap.DriverEvent;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A registry with one Orm's connections, and what the tests of the engine do with them again and again. */
final class Bench implements AutoCloseable {
    static final DatabaseConfig TINY = DatabaseConfig.of("tiny", Map.of("path", "a"));
    static final long LIMIT_SECONDS = 20;

    final DriverRegistry registry = new DriverRegistry();
    final Connections connections;
    final LinkedBlockingQueue<DriverEvent> events = new LinkedBlockingQueue<>();
    volatile boolean mayBringMore;
    private final AtomicLong versions = new AtomicLong();

    Bench(Duration acquire, Duration drain, Duration open) {
        registry.feedBy(new Feeder() {
            @Override
            public boolean mayBringMore() {
                return mayBringMore;
            }
        });
        connections = registry.connect(new Timeouts(acquire, drain, open));
        connections.listen(events::add);
        configure(TINY);
    }

    static Bench withTimeouts(long acquireMillis, long drainMillis, long openMillis) {
        return new Bench(
                Duration.ofMillis(acquireMillis), Duration.ofMillis(drainMillis), Duration.ofMillis(openMillis));
    }

    /** Time-outs that no test reaches unless the code is wrong. */
    static Bench patient() {
        return withTimeouts(LIMIT_SECONDS * 1000, LIMIT_SECONDS * 1000, LIMIT_SECONDS * 1000);
    }

    void configure(DatabaseConfig config) {
        configure(Map.of("default", config));
    }

    void configure(Map<String, DatabaseConfig> all) {
        connections.configure(versions.incrementAndGet(), all, connections.timeouts());
    }

    DriverSlot slot() {
        return connections.slot("default");
    }

    Candidate announce(int ranking, DriverFactory factory) {
        return registry.announce(
                new FactorySource(factory, Set.of("tiny"), ranking, "test", "1.0", "test " + ranking, 0, 0));
    }

    /** The same factory for a server: the next driver is opened beside the old one. */
    static DriverFactory overlapping(DriverFactory create) {
        return new DriverFactory() {
            @Override
            public DatabaseDriver create(DatabaseConfig config) {
                return create.create(config);
            }

            @Override
            public SwapStrategy swapStrategy(DatabaseConfig config) {
                return SwapStrategy.OVERLAP;
            }
        };
    }

    /** A factory whose class has a loader of its own, as a second copy of a driver's bundle would. */
    static DriverFactory secondCopy(Supplier<DatabaseDriver> create) {
        return (DriverFactory) Proxy.newProxyInstance(
                new ClassLoader(Bench.class.getClassLoader()) {},
                new Class<?>[] {DriverFactory.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "create" -> create.get();
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == arguments[0];
                    case "toString" -> "second copy";
                    default -> InvocationHandler.invokeDefault(proxy, method, arguments);
                });
    }

    <T> T transaction(TransactionCallback<T> work) {
        return slot().transaction(TransactionOptions.READ_WRITE, work);
    }

    /** The name of the driver that answers now. */
    String answer() {
        return answer(slot().driver());
    }

    static String answer(DatabaseDriver driver) {
        return driver.query("SELECT 1").get().orElseThrow().getString("driver");
    }

    DriverEvent await(DriverEvent.Kind kind) throws InterruptedException {
        DriverEvent event = events.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        while (event != null && event.kind() != kind) {
            event = events.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
        assertTrue(event != null, "no event " + kind);
        return event;
    }

    static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(LIMIT_SECONDS, TimeUnit.SECONDS), "nobody came");
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
    }

    /** Waits for a condition that no latch can tell of, such as a thread being parked. */
    static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "condition not met");
            Thread.onSpinWait();
        }
    }

    static <T> CompletableFuture<T> async(Callable<T> work) {
        var result = new CompletableFuture<T>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(work.call());
            } catch (Throwable failure) {
                result.completeExceptionally(failure);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    static <T> T join(CompletableFuture<T> future) throws Exception {
        try {
            return future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException tooLong) {
            throw new AssertionError("not done in time; threads:" + System.lineSeparator() + threads(), tooLong);
        }
    }

    private static String threads() {
        var text = new StringBuilder();
        Thread.getAllStackTraces().forEach((thread, frames) -> {
            text.append(thread).append(' ').append(thread.getState()).append(System.lineSeparator());
            for (StackTraceElement frame : frames) {
                text.append("    ").append(frame).append(System.lineSeparator());
            }
        });
        return text.toString();
    }

    /** As a withdrawal does, but wakes nobody: for who holds a slot's lock meanwhile. */
    void retireUnnoticed(Candidate leaving) {
        Retirement.begin(leaving.depart(), Deadline.in(Duration.ofSeconds(LIMIT_SECONDS)))
                .finish();
        connections.forget(leaving);
    }

    List<DriverEvent> told() {
        return List.copyOf(events);
    }

    @Override
    public void close() {
        connections.close();
    }
}
