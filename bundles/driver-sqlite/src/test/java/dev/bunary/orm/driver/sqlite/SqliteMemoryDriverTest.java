package dev.bunary.orm.driver.sqlite;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.tck.DatabaseDriverContract;
import java.util.Map;

final class SqliteMemoryDriverTest extends DatabaseDriverContract {

    @Override
    protected DriverFactory factory() {
        return new SqliteDriverFactory();
    }

    @Override
    protected DatabaseConfig config() {
        return DatabaseConfig.of("sqlite", Map.of("path", ":memory:"));
    }

    @Override
    protected boolean survivesClose() {
        return false;
    }
}
