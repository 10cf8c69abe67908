package dev.bunary.orm.osgi;

import dev.bunary.orm.registry.DriverRegistry;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.SynchronousBundleListener;

/**
 * Takes back what a bundle has registered after it stopped, with {@code Bunary}'s functions too: factories that its code
 * registered or that are of its classes, and listeners of its classes, as these may go next.
 */
final class ConsumerBundles implements SynchronousBundleListener {
    private final BundleContext context;
    private final DriverRegistry registry;

    ConsumerBundles(BundleContext context, DriverRegistry registry) {
        this.context = context;
        this.registry = registry;
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        if (event.getType() == BundleEvent.STOPPED) {
            release(event.getBundle());
        }
    }

    private void release(Bundle stopped) {
        var caller = new CallingBundle(stopped, context);
        registry.unregister(candidate -> candidate.isRegisteredBy(caller) || isOf(stopped, candidate.factory()));
        registry.users().forEach(user -> user.forgetListeners(listener -> isOf(stopped, listener)));
    }

    private static boolean isOf(Bundle bundle, Object object) {
        return bundle.equals(FrameworkUtil.getBundle(object.getClass()));
    }
}
