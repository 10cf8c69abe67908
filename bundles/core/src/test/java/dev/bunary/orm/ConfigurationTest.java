package dev.bunary.orm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.registry.Caller;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who may set the shared configuration. Real bundles do so in integration-tests/felix. */
final class ConfigurationTest {
    private static final OrmConfig A = config("a");
    private static final OrmConfig B = config("b");
    private static final Optional<Caller> NOBODY = Optional.empty();

    private final Configuration configuration = new Configuration();
    private final Program shop = new Program("shop");
    private final Program bank = new Program("bank");

    /** A caller that can be stopped. */
    private static final class Program implements Caller {
        private final String name;
        private boolean live = true;

        Program(String name) {
            this.name = name;
        }

        @Override
        public boolean isLive() {
            return live;
        }

        @Override
        public String toString() {
            return "program " + name;
        }
    }

    private static OrmConfig config(String path) {
        return OrmConfig.of(DatabaseConfig.of("sqlite", Map.of("path", path, "password", "hidden5150")));
    }

    @Test
    void set_byAnother_isRefusedAndNamesBothAndNoSecret() {
        configuration.set(A, Optional.of(shop));
        var failure = assertThrows(ConfigurationException.class, () -> configuration.set(B, Optional.of(bank)));
        assertTrue(failure.getMessage().startsWith("program bank sets another configuration than program shop"));
        assertFalse(failure.getMessage().contains("hidden5150"), failure::getMessage);
        assertEquals(A, configuration.get());
        assertThrows(ConfigurationException.class, () -> configuration.clear(Optional.of(bank)));
        assertEquals(A, configuration.get());
    }

    @Test
    void set_byTheSameOrByNobodyInParticular_changesIt() {
        configuration.set(A, Optional.of(shop));
        configuration.set(B, Optional.of(shop));
        assertEquals(B, configuration.get());
        configuration.set(A, NOBODY);
        configuration.set(B, Optional.of(bank));
        assertEquals(B, configuration.get());
    }

    @Test
    void set_anEqualOneByAnother_leavesItToTheFirst() {
        configuration.set(A, Optional.of(shop));
        configuration.set(config("a"), Optional.of(bank));
        assertThrows(ConfigurationException.class, () -> configuration.set(B, Optional.of(bank)));
        configuration.set(B, Optional.of(shop));
        assertEquals(B, configuration.get());
    }

    @Test
    void set_afterTheFirstHasStopped_takesItOver() {
        configuration.set(A, Optional.of(shop));
        shop.live = false;
        configuration.set(config("a"), Optional.of(bank));
        shop.live = true;
        assertThrows(ConfigurationException.class, () -> configuration.set(B, Optional.of(shop)));
    }

    @Test
    void change_byWhoeverHasTheOrm_staysTheFirstOnes() {
        configuration.set(A, Optional.of(shop));
        configuration.change(B);
        assertEquals(B, configuration.get());
        assertThrows(ConfigurationException.class, () -> configuration.set(A, Optional.of(bank)));
        configuration.clear(Optional.of(shop));
        assertFalse(configuration.isSet());
        configuration.set(A, Optional.of(bank));
    }
}
