/** The tests that every driver inherits. */
module dev.bunary.orm.driver.tck {
    requires transitive dev.bunary.orm.driver;
    requires transitive org.junit.jupiter.api;
    requires static org.jspecify;
    requires static org.osgi.annotation.bundle;
    requires static org.osgi.annotation.versioning;

    exports dev.bunary.orm.driver.tck;

    // the tests are hidden from drivers, and JUnit runs them by reflection
    opens dev.bunary.orm.driver.tck to
            org.junit.platform.commons;
}
