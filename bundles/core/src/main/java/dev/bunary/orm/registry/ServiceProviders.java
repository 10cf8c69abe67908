package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DriverFactory;
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
    private static final System.Logger LOG = System.getLogger("dev.bunary.orm");

    /** A loader that failed at the same place for ever would be asked for ever. */
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
        var factories = ServiceLoader.load(DriverFactory.class, loader).stream().iterator();
        int broken = 0;
        while (broken < MOST_BROKEN) {
            try {
                if (!factories.hasNext()) {
                    return;
                }
                announce(factories.next());
            } catch (RuntimeException | ServiceConfigurationError | LinkageError failure) {
                broken++; // the loader goes on behind it, and the other drivers must not go with it
                LOG.log(System.Logger.Level.ERROR, "a driver factory cannot be loaded", failure);
            }
        }
    }

    private void announce(ServiceLoader.Provider<DriverFactory> provider) {
        DriverFactory factory = provider.get();
        Module module = provider.type().getModule();
        String name = module.isNamed() ? module.getName() : provider.type().getName();
        String version = module.isNamed() ? module.getDescriptor().rawVersion().orElse("") : "";
        registry.announce(
                new FactorySource(factory, factory.types(), factory.ranking(), name, version, "service loader", 0, 0));
    }
}
