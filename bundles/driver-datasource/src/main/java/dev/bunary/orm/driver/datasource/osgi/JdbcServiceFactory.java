package dev.bunary.orm.driver.datasource.osgi;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.SwapStrategy;
import dev.bunary.orm.driver.datasource.DataSourceDriverFactory;
import java.util.Optional;
import java.util.Set;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** Serves the connections whose configuration chooses one JDBC service. */
abstract class JdbcServiceFactory implements DriverFactory {
    static final String TYPE = "datasource";

    private final ServiceReference<?> reference;
    private final Object service;
    private final DataSourceDriverFactory drivers;

    JdbcServiceFactory(ServiceReference<?> reference, Object service, DataSourceDriverFactory drivers) {
        this.reference = reference;
        this.service = service;
        this.drivers = drivers;
    }

    /** Whether a configuration means this service. */
    @Override
    public abstract boolean serves(DatabaseConfig config);

    /** Whether the properties of this service meet the filter that a configuration has under a name. */
    final boolean matches(DatabaseConfig config, String name) {
        Optional<String> filter = config.find(name);
        try {
            return filter.isEmpty() || compiled(name, filter.get()).match(reference);
        } catch (ConfigurationException wrong) {
            return true; // create() tells it
        }
    }

    private static Filter compiled(String name, String filter) {
        try {
            return FrameworkUtil.createFilter(filter);
        } catch (InvalidSyntaxException wrong) {
            throw new ConfigurationException(
                    "datasource property '" + name + "' is '" + filter
                            + "', which is no filter; write it as (osgi.jdbc.driver.class=org.h2.Driver)",
                    wrong);
        }
    }

    @Override
    public DatabaseDriver create(DatabaseConfig config) {
        config.find("factory.filter").ifPresent(filter -> compiled("factory.filter", filter));
        config.find("datasource.filter").ifPresent(filter -> compiled("datasource.filter", filter));
        return drivers.create(config);
    }

    @Override
    public Set<String> types() {
        return Set.of(TYPE);
    }

    @Override
    public int ranking() {
        return drivers.ranking();
    }

    @Override
    public SwapStrategy swapStrategy(DatabaseConfig config) {
        return drivers.swapStrategy(config);
    }

    @Override
    public String engine(DatabaseConfig config) {
        return drivers.engine(config);
    }

    /**
     * The JDBC service. Its class loader would not do: a pool's bundle, which lends its classes to services around
     * several engines, has only one.
     */
    @Override
    public Object engineCopy(DatabaseConfig config) {
        return service;
    }

    @Override
    public Set<String> tuningProperties() {
        return drivers.tuningProperties();
    }

    @Override
    public boolean holdsData(DatabaseConfig config) {
        return drivers.holdsData(config);
    }
}
