package dev.bunary.orm.osgi;

import dev.bunary.orm.registry.Connections;
import dev.bunary.orm.registry.DriverRegistry;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.SynchronousBundleListener;

/**
 * Takes back factories and listeners of a bundle's classes when it stops, as these may go next, wherever they were
 * registered: with {@code Bunary}'s functions nobody but the class tells whose they are.
 */
final class ConsumerBundles implements SynchronousBundleListener {
    private final DriverRegistry registry;

    ConsumerBundles(DriverRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        if (event.getType() == BundleEvent.STOPPING) {
            registry.users().forEach(user -> release(user, event.getBundle()));
        }
    }

    private static void release(Connections user, Bundle stopping) {
        user.unregister(factory -> stopping.equals(FrameworkUtil.getBundle(factory.getClass())));
        user.forgetListeners(listener -> stopping.equals(FrameworkUtil.getBundle(listener.getClass())));
    }
}
