package dev.bunary.orm.it.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.it.framework.Await;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The configuration changes under load, and the database stays the same one. */
@Timeout(60)
final class ConfigurationUnderLoadTest extends UnderLoad {
    private String path;

    @BeforeEach
    void nameTheDatabase() {
        path = TestFramework.database(folder);
    }

    @Test
    void equalConfiguration_changesNothing() throws Exception {
        startLoad();
        Object before = probe.handle();
        for (int i = 0; i < 10; i++) {
            probe.configure("sqlite", Map.of("path", path));
        }
        assertSame(before, probe.handle());
        assertRebounds(0);
        assertNothingLost();
    }

    @Test
    void tuning_swapsUnderHandlesThatFollow() throws Exception {
        startLoad();
        Object before = probe.handle();
        for (int number = 1; number <= 3; number++) {
            String timeout = String.valueOf(4_000 + number);
            probe.configure("sqlite", Map.of("path", path, "busyTimeout", timeout, "readers", "" + number));
            awaitGeneration(1 + number);
            assertEquals(timeout, probe.ask(before, "PRAGMA busy_timeout"));
        }
        assertRebounds(3);
        assertNothingLost();
    }

    @Test
    void password_rotated_swapsUnderHandlesThatFollow() throws Exception {
        framework.installAndStart(Jars.vault(folder));
        probe.configure("vault", Map.of("path", path, "password", "right-0"));
        startLoad();
        Object before = probe.handle();
        for (int number = 1; number <= 3; number++) {
            probe.configure("vault", Map.of("path", path, "password", "right-" + number));
            awaitGeneration(1 + number);
            assertEquals("text", probe.ask(before, "SELECT typeof(sqlite_version())"));
        }
        assertRebounds(3);
        assertNothingLost();
    }

    @Test
    void passwordThatIsRefused_parksCallersUntilTheRightOneComes() throws Exception {
        framework.installAndStart(Jars.vault(folder));
        probe.configure("vault", Map.of("path", path, "password", "right-0"));
        startLoad();
        probe.configure("vault", Map.of("path", path, "password", "wrong"));
        Await.until(() -> probe.events().contains("QUARANTINED"), () -> "events " + probe.events());
        Await.until(() -> probe.status().parked() > 0, () -> "status " + probe.status());
        probe.configure("vault", Map.of("path", path, "password", "right-1"));
        awaitGeneration(2);
        assertRebounds(1);
        assertNothingLost();
    }

    private void awaitGeneration(long generation) {
        Await.until(
                () -> probe.status().state().equals("BOUND") && probe.status().generation() >= generation,
                () -> "status " + probe.status());
        assertTrue(probe.status().generation() == generation, () -> "status " + probe.status());
    }
}
