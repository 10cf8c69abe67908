package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DriverFactory;
import java.time.Duration;
import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
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
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CountDownLatch read = new CountDownLatch(1);
    private volatile @Nullable Thread reader;

    ServiceProviders(DriverRegistry registry, ClassLoader loader, Duration limit) {
        this.registry = registry;
        this.loader = loader;
        this.limit = limit;
    }

    void disable() {
        begun.set(true);
        read.countDown();
    }

    /** Reads, or waits for whoever does. Gives up at the limit: a constructor may hang, or wait for its own caller. */
    void readOnce() {
        if (reader == Thread.currentThread()) { // a provider's constructor may come back here
            return;
        }
        if (begun.compareAndSet(false, true)) {
            ShortLivedThread.start("bunary-providers", this::read);
        }
        // whatever interrupts come, as a caller that went on would find no driver
        if (!Deadline.in(limit).awaitUninterruptibly(read)) {
            read.countDown(); // nobody waits again: what comes after all is announced when it comes
            SwapLog.log(System.Logger.Level.ERROR, "a driver factory is still being made after " + limit);
        }
    }

    private void read() {
        reader = Thread.currentThread();
        try {
            readAll();
        } finally {
            reader = null;
            read.countDown();
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
