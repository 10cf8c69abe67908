/** SQLite, announced as a {@link dev.bunary.orm.driver.DriverFactory}; nothing here is called by name. */
module dev.bunary.orm.driver.sqlite {
    requires dev.bunary.orm.driver;
    requires dev.bunary.orm.jdbc;
    requires org.xerial.sqlitejdbc;
    requires static org.jspecify;
    requires static org.osgi.annotation.bundle;
    requires static org.osgi.framework;

    provides dev.bunary.orm.driver.DriverFactory with
            dev.bunary.orm.driver.sqlite.SqliteDriverFactory;
}
