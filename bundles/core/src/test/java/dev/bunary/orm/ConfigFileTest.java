package dev.bunary.orm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
    @TempDir
    Path folder;

    private OrmConfig read(String text, Map<String, String> environment) throws IOException {
        return ConfigFile.read(Files.writeString(folder.resolve("orm.properties"), text), environment);
    }

    private String wrong(String text) {
        return assertThrows(ConfigurationException.class, () -> read(text, Map.of("SECRET", "s3cr$t")))
                .getMessage();
    }

    @Test
    void read_connectionsTimeoutsAndVariables_areTaken() throws IOException {
        OrmConfig config = read(
                "connection.default.type = sqlite\nconnection.default.path = a.db\n"
                        + "connection.reports.type=postgres\nconnection.reports.password=x${env:SECRET}\n"
                        + "acquireTimeout=500ms\ndrainTimeout=2s\n",
                Map.of("SECRET", "s3cr$t"));

        assertEquals(
                DatabaseConfig.of("sqlite", Map.of("path", "a.db")),
                config.connections().get("default"));
        assertEquals("xs3cr$t", config.connections().get("reports").require("password"));
        assertEquals(Duration.ofMillis(500), config.acquireTimeout());
        assertEquals(Duration.ofSeconds(2), config.drainTimeout());
        assertEquals(Duration.ofSeconds(10), config.openTimeout());
        assertFalse(config.toString().contains("s3cr$t"));
    }

    @Test
    void read_somethingWrong_saysWhat() {
        assertTrue(wrong("conection.default.type=sqlite").contains("key 'conection.default.type' is unknown"));
        assertTrue(wrong("connection.default.path=a").contains("connection 'default' has no type"));
        assertTrue(wrong("acquireTimeout=10").contains("write a number with ms or s"));
        assertTrue(wrong("connection.default.type=${env:NOT_SET}").contains("'NOT_SET'"));
        assertTrue(wrong("").contains("no connection"));
        String missing = assertThrows(ConfigurationException.class, () -> OrmConfig.load(folder.resolve("none")))
                .getMessage();
        assertTrue(missing.contains("none"), missing);
    }
}
