package dev.bunary.orm.it.felix.nested;

import dev.bunary.orm.Model;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/** Starts the bundle of the JDBC base, then asks for a driver, although its own start has not ended. */
public final class NestedActivator implements BundleActivator {
    @Override
    public void start(BundleContext context) throws BundleException {
        for (Bundle bundle : context.getBundles()) {
            if ("dev.bunary.orm.jdbc".equals(bundle.getSymbolicName())) {
                bundle.start();
            }
        }
        Model.table("users").count();
    }

    @Override
    public void stop(BundleContext context) {
        // nothing is left to do
    }
}
