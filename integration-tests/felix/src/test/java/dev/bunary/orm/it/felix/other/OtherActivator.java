package dev.bunary.orm.it.felix.other;

import dev.bunary.orm.driver.DriverFactory;
import java.util.Dictionary;
import java.util.Hashtable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Registers the other driver. The framework takes the registration back when the bundle stops. */
public final class OtherActivator implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("bunary.driver.type", "sqlite");
        DriverFactory factory = config -> new OtherDriver();
        context.registerService(DriverFactory.class, factory, properties);
    }

    @Override
    public void stop(BundleContext context) {
        // nothing is left to do
    }
}
