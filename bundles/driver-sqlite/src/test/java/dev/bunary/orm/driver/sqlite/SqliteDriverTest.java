package dev.bunary.orm.driver.sqlite;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.tck.DatabaseDriverContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class SqliteDriverTest extends DatabaseDriverContract {
    @TempDir
    Path folder;

    @Override
    protected DriverFactory factory() {
        return new SqliteDriverFactory();
    }

    @Override
    protected DatabaseConfig config() {
        return TestDrivers.config(folder.resolve("contract.db"));
    }
}
