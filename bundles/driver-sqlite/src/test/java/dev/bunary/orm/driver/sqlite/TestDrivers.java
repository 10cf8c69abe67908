package dev.bunary.orm.driver.sqlite;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Opens drivers for tests. */
final class TestDrivers {
    private TestDrivers() {}

    static DatabaseConfig config(Path file, String... namesAndValues) {
        var properties = new TreeMap<>(Map.of("path", file.toString()));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            properties.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return DatabaseConfig.of("sqlite", properties);
    }

    static DatabaseDriver open(Path file, String... namesAndValues) {
        return new SqliteDriverFactory().create(config(file, namesAndValues));
    }

    static DatabaseDriver memory() {
        return new SqliteDriverFactory().create(DatabaseConfig.of("sqlite", Map.of("path", ":memory:")));
    }
}
