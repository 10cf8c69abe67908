package dev.bunary.orm.layer;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.registry.Feeder;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriverLayersTest {
    @TempDir
    private Path folder;

    @Test
    void requireNoFramework_whereAFrameworkFeeds_saysWhatToDoInstead() {
        Feeder framework = new Feeder() {};
        var refused = assertThrows(ConfigurationException.class, () -> DriverLayers.requireNoFramework(framework));
        assertTrue(refused.getMessage().contains("install the driver as a bundle"), refused::getMessage);
    }

    @Test
    void requireNoFramework_whereNoneFeedsOrLayersDo_passes() {
        assertDoesNotThrow(() -> DriverLayers.requireNoFramework(Feeder.FIXED));
        assertDoesNotThrow(() -> DriverLayers.requireNoFramework(DriverLayers.shared()));
    }

    @Test
    void requireLayer_ofANamedModule_isItsLayer() {
        assertSame(ModuleLayer.boot(), DriverLayers.requireLayer(Object.class.getModule()));
    }

    @Test
    void watch_ofNoFolder_isAnError() {
        var refused = assertThrows(
                ConfigurationException.class,
                () -> DropFolder.watch(folder.resolve("none"), Duration.ofSeconds(1), DriverLayers.shared()));
        assertTrue(refused.getMessage().contains("is no folder"), refused::getMessage);
    }

    @Test
    void watch_tooOften_isAnError() {
        var refused = assertThrows(
                ConfigurationException.class,
                () -> DropFolder.watch(folder, Duration.ofMillis(9), DriverLayers.shared()));
        assertTrue(refused.getMessage().contains("give 10 ms or more"), refused::getMessage);
    }
}
