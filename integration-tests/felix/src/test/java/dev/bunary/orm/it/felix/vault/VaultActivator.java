package dev.bunary.orm.it.felix.vault;

import dev.bunary.orm.driver.DriverFactory;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;

/** Registers a {@link VaultFactory} on the SQLite factory that is there. */
public final class VaultActivator implements BundleActivator {
    @Override
    public void start(BundleContext context) throws InvalidSyntaxException {
        var sqlite = context.getServiceReferences(DriverFactory.class, "(bunary.driver.type=sqlite)")
                .iterator()
                .next();
        context.registerService(DriverFactory.class, new VaultFactory(context.getService(sqlite)), null);
    }

    @Override
    public void stop(BundleContext context) {
        // nothing is left to do
    }
}
