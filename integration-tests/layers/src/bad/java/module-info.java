/** A driver that is broken in the way a test asks for. */
module bad {
    requires dev.bunary.orm.driver;

    provides dev.bunary.orm.driver.DriverFactory with
            bad.BadFactory;
}
