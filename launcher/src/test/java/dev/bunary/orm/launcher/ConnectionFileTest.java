package dev.bunary.orm.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bunary.orm.OrmConfig;
import dev.bunary.orm.driver.DatabaseConfig;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConnectionFileTest {
    @TempDir
    private Path folder;

    @Test
    void write_aPathWithOddCharacters_isReadBackByCore() throws Exception {
        Map<String, String> properties = Map.of("path", "/tmp/a b\\c=d:e#f\u00e4.sqlite", "readOnly", "true");

        Path file = ConnectionFile.write(folder.resolve("c.properties"), "sqlite", properties);

        assertEquals(
                Map.of("default", DatabaseConfig.of("sqlite", properties)),
                OrmConfig.load(file).connections());
    }
}
