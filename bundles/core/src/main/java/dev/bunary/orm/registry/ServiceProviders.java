package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DriverFactory;
import java.time.Duration;
import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Reads the service loader once, at the first use outside a framework: {@code META-INF/services} on the class path,
 * {@code provides} on the module path. Safe for use by many threads.
 */
final class ServiceProviders {
    /** A loader that fails again and again is given up. */
    private static final int MOST_BROKEN = 100;

    private final DriverRegistry registry;
    private final ClassLoader loader;
    private final Duration limit;
    private final AtomicReference<@Nullable FutureTask<Boolean>> reading = new AtomicReference<>();
    private volatile boolean done;
    private volatile @Nullable Thread reader;

    ServiceProviders(DriverRegistry registry, ClassLoader loader, Duration limit) {
        this.registry = registry;
        this.loader = loader;
        this.limit = limit;
    }

    void disable() {
        done = true;
    }

    /** Reads, or waits for whoever does. Gives up at the limit: a constructor may hang, or wait for its own caller. */
    void readOnce() {
        if (done || reader == Thread.currentThread()) { // a provider's constructor may come back here
            return;
        }
        var task = new FutureTask<>(this::read, true);
        if (reading.compareAndSet(null, task)) {
            ShortLivedThread.start("bunary-providers", task);
        }
        awaitReader();
    }

    /** Whatever interrupts come, as a caller that went on would find no driver; an interrupt is kept for later. */
    private void awaitReader() {
        Deadline deadline = Deadline.in(limit);
        boolean interrupted = false;
        while (!done) {
            try {
                awaitReader(deadline);
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitReader(Deadline deadline) throws InterruptedException {
        FutureTask<Boolean> running = reading.get();
        try {
            if (running != null) {
                running.get(deadline.remaining(), TimeUnit.NANOSECONDS);
            }
        } catch (TimeoutException hangs) { // what comes after all is announced when it comes
            SwapLog.log(System.Logger.Level.ERROR, "a driver factory is still being made after " + limit, hangs);
        } catch (ExecutionException failed) {
            SwapLog.log(System.Logger.Level.ERROR, "the service loader could not be read", failed);
        }
        done = true;
    }

    private void read() {
        reader = Thread.currentThread();
        try {
            readAll();
        } finally {
            reader = null;
        }
    }

    private void readAll() {
        var providers = ServiceLoader.load(DriverFactory.class, loader).stream().iterator();
        int broken = 0;
        boolean more = true;
        while (more && broken < MOST_BROKEN) {
            try {
                more = announceNext(providers);
            } catch (ServiceConfigurationError | RuntimeException | LinkageError failure) {
                // one provider, or the line that names it; the loader goes on behind it
                broken++;
                SwapLog.log(System.Logger.Level.ERROR, "a driver factory cannot be loaded and is left out", failure);
            }
        }
    }

    private boolean announceNext(Iterator<ServiceLoader.Provider<DriverFactory>> providers) {
        boolean more = providers.hasNext();
        if (more) {
            ServiceLoader.Provider<DriverFactory> provider = providers.next();
            registry.announce(FactorySource.of(provider.get(), provider.type(), "service loader"));
        }
        return more;
    }
}
