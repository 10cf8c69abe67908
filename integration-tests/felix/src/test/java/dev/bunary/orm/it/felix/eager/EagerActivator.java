package dev.bunary.orm.it.felix.eager;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Runs the {@link Runnable} service, so that a test can act on a thread that is inside a bundle start. */
public final class EagerActivator implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        context.getService(context.getServiceReference(Runnable.class)).run();
    }

    @Override
    public void stop(BundleContext context) {
        // nothing is left to do
    }
}
