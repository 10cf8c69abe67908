package dev.bunary.orm.it.felix.guest;

import dev.bunary.orm.it.felix.probe.Guest;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Offers a {@link Guest}; leaves the rest to the framework. */
public final class GuestActivator implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        context.registerService(Guest.class, new OrmGuest(context), null);
    }

    @Override
    public void stop(BundleContext context) {
        // what is left behind is the point
    }
}
