package dev.bunary.orm.it.felix.configuration;

import dev.bunary.orm.Bunary;
import dev.bunary.orm.OrmConfig;
import dev.bunary.orm.driver.DatabaseConfig;
import java.util.Map;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Sets the configuration when it starts, whether or not core has been started by then. */
public final class ConfigurationActivator implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        String path = context.getProperty("bunary.test.database");
        Bunary.setOrmConfig(OrmConfig.of(DatabaseConfig.of("sqlite", Map.of("path", path))));
    }

    @Override
    public void stop(BundleContext context) {
        // the configuration stays until core stops
    }
}
