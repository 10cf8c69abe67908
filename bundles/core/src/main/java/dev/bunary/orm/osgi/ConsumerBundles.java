package dev.bunary.orm.osgi;

import dev.bunary.orm.registry.DriverRegistry;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.SynchronousBundleListener;

/** Takes back the factories that a bundle registered by code when that bundle stops, as its classes may go next. */
final class ConsumerBundles implements SynchronousBundleListener {
    private final DriverRegistry registry;

    ConsumerBundles(DriverRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        if (event.getType() == BundleEvent.STOPPING) {
            Bundle stopping = event.getBundle();
            registry.users()
                    .forEach(user ->
                            user.unregister(factory -> stopping.equals(FrameworkUtil.getBundle(factory.getClass()))));
        }
    }
}
