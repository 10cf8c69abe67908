package dev.bunary.orm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.swap.DriverStatus;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The static door, on SQLite in memory. */
@Timeout(60)
class BunaryTest {
    private static final OrmConfig MEMORY = OrmConfig.of(DatabaseConfig.of("sqlite", Map.of("path", ":memory:")));

    @AfterEach
    void clear() {
        Bunary.clearOrmConfig();
        Bunary.clearDriverRegistry();
    }

    @Test
    void use_withoutAConfiguration_namesSetOrmConfig() {
        Bunary.clearOrmConfig();
        Bunary.clearOrmConfig();
        for (var use : new org.junit.jupiter.api.function.Executable[] {
            Bunary::getOrmConfig, Bunary::getDriver, () -> Model.table("users"), () -> Bunary.transaction(() -> {})
        }) {
            var failure = assertThrows(ConfigurationException.class, use);
            assertTrue(failure.getMessage().contains("setOrmConfig"), failure.getMessage());
        }
    }

    @Test
    void driverFunctions_withNothingCached_areSafe() {
        Bunary.closeDriver();
        Bunary.resetDriver();
        Bunary.clearDriverRegistry();
        Bunary.setOrmConfig(MEMORY);
        Bunary.closeDriver();
        Bunary.resetDriver();
        assertEquals(1, Bunary.getDriver().query("SELECT 1").get().orElseThrow().getInt(0));
    }

    @Test
    void setOrmConfig_givesItBack_andModelWorksOnIt() {
        Bunary.setOrmConfig(MEMORY);
        assertEquals(MEMORY, Bunary.getOrmConfig());
        Bunary.getDriver().exec("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)");
        Bunary.transaction(() -> {
            Model.table("users").insert(Map.of("name", "Ada"));
        });
        assertEquals("Ada", Model.table("users").find(1).orElseThrow().getString("name"));
    }

    @Test
    void setOrmConfig_anEqualOne_keepsTheDriver() {
        Bunary.setOrmConfig(MEMORY);
        DatabaseDriver driver = Bunary.getDriver();
        Bunary.setOrmConfig(OrmConfig.of(DatabaseConfig.of("sqlite", Map.of("path", ":memory:"))));
        assertSame(driver, Bunary.getDriver());
        assertSame(Bunary.getDriver(), Bunary.getDriver("default"));
    }

    @Test
    void registerDriver_beforeTheConfiguration_counts_andClearRegistryTakesItBack() {
        Bunary.registerDriver(
                "custom", config -> Bunary.createDriver(DatabaseConfig.of("sqlite", Map.of("path", ":memory:"))));
        Bunary.setOrmConfig(OrmConfig.of(DatabaseConfig.of("custom", Map.of())));
        DatabaseDriver custom = Bunary.getDriver();
        assertEquals("custom", Bunary.drivers().get(0).type());

        Bunary.clearDriverRegistry();
        Bunary.registerDriver(
                "custom", config -> Bunary.createDriver(DatabaseConfig.of("sqlite", Map.of("path", ":memory:"))));

        assertNotSame(custom, Bunary.getDriver());
    }

    @Test
    void setOrmConfig_besideClearOrmConfig_neverFails_andTheLastOneCounts() throws Exception {
        var clearing = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 2_000; i++) {
                Bunary.clearOrmConfig();
            }
        });
        for (int i = 0; i < 2_000; i++) {
            Bunary.setOrmConfig(
                    i % 2 == 0
                            ? MEMORY
                            : MEMORY.with("other" + i, MEMORY.connections().get("default")));
        }
        clearing.get(20, TimeUnit.SECONDS);
        Bunary.setOrmConfig(MEMORY);
        assertEquals(
                List.of("default"),
                Bunary.drivers().stream().map(DriverStatus::connection).toList());
        Bunary.clearOrmConfig();
        assertThrows(ConfigurationException.class, Bunary::drivers);
    }

    @Test
    void configuration_withoutADatabase_isAnErrorAndChangesNothing() {
        Bunary.setOrmConfig(MEMORY);
        assertThrows(ConfigurationException.class, () -> Bunary.setOrmConfig(null));
        assertThrows(ConfigurationException.class, () -> OrmConfig.of(null));
        assertThrows(ConfigurationException.class, () -> MEMORY.with("other", null));
        assertEquals(1, Bunary.getDriver().query("SELECT 1").all().size());
    }

    @Test
    void orm_closedByItsUser_isReplacedByTheNextConfiguration() {
        Bunary.setOrmConfig(MEMORY);
        Bunary.orm().close();
        assertThrows(ConfigurationException.class, Bunary::orm);
        Bunary.setOrmConfig(MEMORY);
        assertEquals(1, Bunary.getDriver().query("SELECT 1").all().size());
    }
}
