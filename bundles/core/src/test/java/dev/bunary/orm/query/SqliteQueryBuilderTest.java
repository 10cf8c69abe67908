package dev.bunary.orm.query;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.registry.Connections;
import dev.bunary.orm.registry.DriverRegistry;
import dev.bunary.orm.registry.LeaseSource;
import dev.bunary.orm.registry.Timeouts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The query builder through the registry, on the shipped SQLite driver and a file. */
final class SqliteQueryBuilderTest extends StrictQueryBuilderContract {
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final Connections connections = DriverRegistry.shared().connect(new Timeouts(LONG, LONG, LONG));

    @Override
    protected LeaseSource freshDatabase() {
        String file = folder.resolve("contract.db").toString();
        connections.configure(
                1,
                Map.of("default", DatabaseConfig.of("sqlite", Map.of("path", file))),
                new Timeouts(LONG, LONG, LONG));
        return connections.slot("default");
    }

    @AfterEach
    void closeConnections() {
        connections.close();
    }
}
