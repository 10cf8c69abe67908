/** The base of every driver that reaches its database through JDBC. */
module dev.bunary.orm.jdbc {
    requires transitive dev.bunary.orm.driver;
    requires transitive java.sql;
    requires static org.jspecify;
    requires static org.osgi.annotation.bundle;
    requires static org.osgi.annotation.versioning;

    exports dev.bunary.orm.jdbc;
}
