package dev.bunary.orm.it.felix.vault;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverFactory;
import java.util.Map;
import java.util.Set;

/** Opens SQLite for who brings a password that begins with {@code right}. */
final class VaultFactory implements DriverFactory {
    private final DriverFactory sqlite;

    VaultFactory(DriverFactory sqlite) {
        this.sqlite = sqlite;
    }

    @Override
    public DatabaseDriver create(DatabaseConfig config) {
        if (!config.require("password").startsWith("right")) {
            throw new IllegalStateException("the password is refused");
        }
        return sqlite.create(inner(config));
    }

    @Override
    public Set<String> types() {
        return Set.of("vault");
    }

    @Override
    public String engine(DatabaseConfig config) {
        return sqlite.engine(inner(config));
    }

    private static DatabaseConfig inner(DatabaseConfig config) {
        return DatabaseConfig.of("sqlite", Map.of("path", config.require("path")));
    }
}
