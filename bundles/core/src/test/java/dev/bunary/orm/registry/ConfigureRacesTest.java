package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverFactory;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Promises 3 and 13 where a configuration comes at a bad moment, or its factory misbehaves. */
@Timeout(60)
class ConfigureRacesTest {
    private static final DatabaseConfig OTHER = DatabaseConfig.of("tiny", Map.of("path", "b"));

    @Test
    void configure_anotherPath_theFactoryGivesNullForItsTuningProperties_leadsToTheOtherDatabase() {
        try (Bench bench = Bench.patient()) {
            bench.announce(0, new DriverFactory() {
                @Override
                public DatabaseDriver create(DatabaseConfig config) {
                    return new TinyDriver(config.require("path"));
                }

                @Override
                @SuppressWarnings("NullAway")
                public Set<String> tuningProperties() {
                    return null;
                }
            });
            assertEquals("a", bench.answer());

            bench.configure(OTHER);

            assertEquals("b", bench.answer());
        }
    }
}
