/** Any {@link javax.sql.DataSource} as a driver; in OSGi also every JDBC service. */
module dev.bunary.orm.driver.datasource {
    requires transitive dev.bunary.orm.driver;
    requires transitive java.sql;
    requires dev.bunary.orm.jdbc;
    requires com.zaxxer.hikari;
    requires static org.jspecify;
    requires static org.osgi.annotation.bundle;
    requires static org.osgi.annotation.versioning;
    requires static org.osgi.framework;
    requires static org.osgi.service.jdbc;
    requires static org.osgi.util.tracker;

    exports dev.bunary.orm.driver.datasource;
}
