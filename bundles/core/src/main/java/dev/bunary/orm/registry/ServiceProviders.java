package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DriverFactory;
import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
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
    private final AtomicReference<@Nullable FutureTask<Boolean>> reading = new AtomicReference<>();
    private volatile boolean done;
    private volatile @Nullable Thread reader;

    ServiceProviders(DriverRegistry registry, ClassLoader loader) {
        this.registry = registry;
        this.loader = loader;
    }

    void disable() {
        done = true;
    }

    void readOnce() {
        if (done || reader == Thread.currentThread()) { // a provider's constructor may come back here
            return;
        }
        var task = new FutureTask<>(this::read, true);
        if (reading.compareAndSet(null, task)) {
            reader = Thread.currentThread();
            task.run();
            reader = null;
            done = true;
        } else {
            awaitReader();
        }
    }

    private void awaitReader() {
        FutureTask<Boolean> running = reading.get();
        try {
            if (running != null) {
                running.get();
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException failed) {
            throw new IllegalStateException("the service loader could not be read", failed);
        }
    }

    private void read() {
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
