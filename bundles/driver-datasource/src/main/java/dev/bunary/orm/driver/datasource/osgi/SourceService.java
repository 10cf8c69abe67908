package dev.bunary.orm.driver.datasource.osgi;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.datasource.DataSourceDriverFactory;
import javax.sql.DataSource;
import org.osgi.framework.ServiceReference;

/** Drivers on a {@code DataSource} service, which some other bundle has configured. */
final class SourceService extends JdbcServiceFactory {

    SourceService(ServiceReference<DataSource> reference, DataSource service) {
        super(reference, service, DataSourceDriverFactory.of(service));
    }

    /** Only by a filter: another bundle's database must not be taken because it happens to be there. */
    @Override
    public boolean serves(DatabaseConfig config) {
        return config.find("datasource.filter").isPresent() && matches(config, "datasource.filter");
    }
}
