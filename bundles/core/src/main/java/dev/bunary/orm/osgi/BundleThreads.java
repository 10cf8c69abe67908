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
 * Knows of a thread whether it is starting or stopping a bundle, and whose code it runs. One that starts or stops a bundle
 * must not wait for a driver: the framework would wait with it, and the driver's bundle may be the next it is to start, or
 * the one it is updating. Synchronous events come on the thread that starts or stops the bundle (OSGi Core 4.4.4).
 */
final class BundleThreads implements Feeder, SynchronousBundleListener {
    /** By bundle, as an activator may start or stop others before its own start or stop has ended. */
    private final Map<Bundle, Thread> busy = new ConcurrentHashMap<>();

    private final BundleContext context;

    BundleThreads(BundleContext context) {
        this.context = context;
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        switch (event.getType()) {
            case BundleEvent.STARTING, BundleEvent.STOPPING -> busy.put(event.getBundle(), Thread.currentThread());
            // STOPPED also follows a start that failed
            case BundleEvent.STARTED, BundleEvent.STOPPED -> busy.remove(event.getBundle());
            default -> {}
        }
    }

    @Override
    public boolean mayBringMore() {
        return true;
    }

    @Override
    public boolean mayPark() {
        return !busy.containsValue(Thread.currentThread());
    }

    @Override
    public Optional<Caller> caller() {
        return CallingBundle.onThisThread(context);
    }
}
