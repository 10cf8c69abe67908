package dev.bunary.orm.driver.datasource.osgi;

import dev.bunary.orm.driver.DriverFactory;
import java.util.List;
import javax.sql.DataSource;
import org.osgi.annotation.bundle.Capability;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.jdbc.DataSourceFactory;

/** Announces a driver factory for each JDBC service while this bundle is active. */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
@Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"dev.bunary.orm.driver.DriverFactory\"",
        effective = "active",
        uses = DriverFactory.class)
public final class DataSourceActivator implements BundleActivator {
    private List<JdbcServices<?>> services = List.of();

    /** For the framework. */
    public DataSourceActivator() {}

    @Override
    public void start(BundleContext context) {
        services = List.of(
                new JdbcServices<>(context, DataSourceFactory.class, FactoryService::new),
                new JdbcServices<>(context, DataSource.class, SourceService::new));
        services.forEach(JdbcServices::open);
    }

    @Override
    public void stop(BundleContext context) {
        services.forEach(JdbcServices::close);
    }
}
