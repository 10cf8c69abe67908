import org.jspecify.annotations.NullMarked;

/** The front door: named connections, the query builder, and the registry that swaps drivers under them. */
@NullMarked
module dev.bunary.orm {
    requires transitive dev.bunary.orm.driver;
    // sqlite-jdbc needs it, and a driver's module layer cannot add a platform module once the process runs
    requires java.sql.rowset;
    requires static org.jspecify;
    requires static org.osgi.annotation.bundle;
    requires static org.osgi.annotation.versioning;
    requires static org.osgi.framework;
    requires static org.osgi.util.tracker;

    exports dev.bunary.orm;
    exports dev.bunary.orm.query;
    exports dev.bunary.orm.swap;

    uses dev.bunary.orm.driver.DriverFactory;
}
