/** What a driver implements and what a result is. Needs nothing but {@code java.base}. */
module dev.bunary.orm.driver {
    requires static org.jspecify;
    requires static org.osgi.annotation.bundle;
    requires static org.osgi.annotation.versioning;

    exports dev.bunary.orm.driver;
}
