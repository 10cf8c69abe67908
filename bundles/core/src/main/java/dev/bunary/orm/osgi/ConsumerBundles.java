package dev.bunary.orm.osgi;

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
            release(event.getBundle());
        }
    }

    private void release(Bundle stopping) {
        registry.unregister(factory -> isOf(stopping, factory));
        registry.users().forEach(user -> user.forgetListeners(listener -> isOf(stopping, listener)));
    }

    private static boolean isOf(Bundle bundle, Object object) {
        return bundle.equals(FrameworkUtil.getBundle(object.getClass()));
    }
}
