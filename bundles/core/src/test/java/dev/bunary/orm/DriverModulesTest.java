package dev.bunary.orm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.ConfigurationException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** On the class path, where this runs. What it does on the module path is shown by integration-tests/layers. */
class DriverModulesTest {
    @TempDir
    private Path folder;

    @Test
    void install_onTheClassPath_saysWhatToDoInstead() {
        assertRefused(() -> DriverModules.install(folder));
    }

    @Test
    void watch_onTheClassPath_saysWhatToDoInstead() {
        assertRefused(() -> DriverModules.watch(folder));
    }

    @Test
    void installed_onTheClassPath_isEmpty() {
        assertEquals(List.of(), DriverModules.installed());
    }

    private static void assertRefused(Executable call) {
        String message = assertThrows(ConfigurationException.class, call).getMessage();
        assertTrue(message.contains("on the class path"), message);
        assertTrue(message.contains("start the application with -p"), message);
        assertTrue(message.contains("registerDriver("), message);
    }
}
