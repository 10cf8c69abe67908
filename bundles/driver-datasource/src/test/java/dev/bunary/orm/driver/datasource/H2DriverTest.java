package dev.bunary.orm.driver.datasource;

import dev.bunary.orm.driver.DatabaseConfig;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** The whole contract on H2 in this process, by a DataSource that is handed in. */
final class H2DriverTest extends H2Contract {
    @TempDir
    Path folder;

    @Override
    String url() {
        return "jdbc:h2:file:" + folder.resolve("contract");
    }

    @Override
    protected DatabaseConfig config() {
        return DatabaseConfig.of("datasource", Map.of());
    }
}
