/** A consumer of the ORM like a user's: load, a ledger of acknowledged writes, and what must hold afterwards. */
module dev.bunary.orm.soak {
    requires transitive dev.bunary.orm;
    // to count the drivers in DriverManager, where no swap may leave any
    requires java.sql;
    requires static org.jspecify;
    requires static org.osgi.annotation.bundle;
    requires static org.osgi.annotation.versioning;
    requires static org.osgi.framework;
    requires static org.osgi.util.tracker;

    exports dev.bunary.orm.soak;
}
