package dev.bunary.orm.driver.datasource.osgi;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.datasource.DataSourceDriverFactory;
import java.sql.SQLException;
import java.util.Properties;
import java.util.Set;
import javax.sql.DataSource;
import org.osgi.framework.ServiceReference;
import org.osgi.service.jdbc.DataSourceFactory;

/** Drivers on the DataSources that a {@code DataSourceFactory} service makes: a JDBC driver's bundle. */
final class FactoryService extends JdbcServiceFactory {
    private static final String DRIVER_CLASS = DataSourceFactory.OSGI_JDBC_DRIVER_CLASS;

    /** Passed on under their own names (OSGi JDBC Service Specification 125.4.4). */
    private static final Set<String> STANDARD =
            Set.of(DataSourceFactory.JDBC_URL, DataSourceFactory.JDBC_USER, DataSourceFactory.JDBC_PASSWORD);

    /** Before a name that the JDBC driver's DataSource knows. */
    private static final String VENDOR_PREFIX = "jdbc.";

    private final ServiceReference<DataSourceFactory> reference;

    FactoryService(ServiceReference<DataSourceFactory> reference, DataSourceFactory service) {
        super(reference, service, DataSourceDriverFactory.of(config -> dataSource(service, config)));
        this.reference = reference;
    }

    @Override
    public boolean serves(DatabaseConfig config) {
        boolean wantsDataSource = config.find("datasource.filter").isPresent();
        boolean sameClass = config.find(DRIVER_CLASS)
                .map(wanted -> wanted.equals(reference.getProperty(DRIVER_CLASS)))
                .orElse(true);
        return !wantsDataSource && sameClass && matches(config, "factory.filter");
    }

    private static DataSource dataSource(DataSourceFactory service, DatabaseConfig config) {
        Properties properties = properties(config);
        if (properties.isEmpty()) {
            throw new ConfigurationException(
                    "datasource has no property 'url'; set it, or the jdbc.NAME properties that"
                            + " the JDBC driver's DataSource takes");
        }
        try {
            return service.createDataSource(properties);
        } catch (SQLException error) {
            // the error is left out, as its text may repeat a password
            throw new ConfigurationException("the JDBC driver's DataSource refuses the properties "
                    + String.join(", ", properties.stringPropertyNames()) + " (SQLSTATE " + error.getSQLState()
                    + "); give it those it knows");
        }
    }

    private static Properties properties(DatabaseConfig config) {
        var properties = new Properties();
        config.properties().forEach((name, value) -> {
            if (STANDARD.contains(name)) {
                properties.setProperty(name, value);
            } else if (name.startsWith(VENDOR_PREFIX)) {
                properties.setProperty(name.substring(VENDOR_PREFIX.length()), value);
            }
        });
        return properties;
    }
}
