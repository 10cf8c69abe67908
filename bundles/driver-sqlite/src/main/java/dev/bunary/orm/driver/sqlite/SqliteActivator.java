package dev.bunary.orm.driver.sqlite;

import dev.bunary.orm.driver.DriverFactory;
import java.util.Hashtable;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/** Announces the factory as an OSGi service; the framework withdraws it when the bundle stops. */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class SqliteActivator implements BundleActivator {

    /** For the framework. */
    public SqliteActivator() {}

    @Override
    public void start(BundleContext context) {
        var factory = new SqliteDriverFactory();
        var properties = new Hashtable<String, Object>();
        properties.put(Constants.SERVICE_RANKING, factory.ranking());
        properties.put("bunary.driver.type", SqliteDriverFactory.TYPE);
        context.registerService(DriverFactory.class, factory, properties);
    }

    @Override
    public void stop(BundleContext context) {
        // nothing to do: services of a stopped bundle are withdrawn (OSGi Core 4.4.6)
    }
}
