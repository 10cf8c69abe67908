package dev.bunary.orm.it.felix.broken;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverFactory;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Set;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Registers a factory that cannot tell its types, and one that names its type twice. */
public final class BrokenActivator implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        context.registerService(DriverFactory.class, new Untyped(), null);
        Dictionary<String, Object> twice = new Hashtable<>();
        twice.put("bunary.driver.type", new String[] {"broken", "broken"});
        context.registerService(DriverFactory.class, new Untyped(), twice);
    }

    @Override
    public void stop(BundleContext context) {
        // nothing is left to do
    }

    private static final class Untyped implements DriverFactory {
        @Override
        public DatabaseDriver create(DatabaseConfig config) {
            throw new IllegalStateException("makes no driver");
        }

        @Override
        public Set<String> types() {
            throw new IllegalStateException("cannot tell its types");
        }
    }
}
