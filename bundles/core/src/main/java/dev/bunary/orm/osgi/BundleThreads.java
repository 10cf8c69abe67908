package dev.bunary.orm.osgi;

import dev.bunary.orm.registry.Caller;
import dev.bunary.orm.registry.Feeder;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

/**
 * Knows of a thread whether it is starting a bundle, and whose code it runs. One that starts a bundle must not wait for a
 * driver: the framework would wait with it, and the driver's bundle may be the next it is to start. Synchronous events come on the thread that starts or stops the
 * bundle (OSGi Core 4.4.4).
 */
final class BundleThreads implements Feeder, SynchronousBundleListener {
    /** By bundle, as an activator may start or stop others before its own start has ended. */
    private final Map<Bundle, Thread> starting = new ConcurrentHashMap<>();

    private final BundleContext context;

    BundleThreads(BundleContext context) {
        this.context = context;
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        switch (event.getType()) {
            case BundleEvent.STARTING -> starting.put(event.getBundle(), Thread.currentThread());
            // STOPPING also follows a start that failed
            case BundleEvent.STARTED, BundleEvent.STOPPING -> starting.remove(event.getBundle());
            default -> {}
        }
    }

    @Override
    public boolean mayBringMore() {
        return true;
    }

    @Override
    public boolean mayPark() {
        return !starting.containsValue(Thread.currentThread());
    }

    @Override
    public Optional<Caller> caller() {
        return CallingBundle.onThisThread(context);
    }
}
