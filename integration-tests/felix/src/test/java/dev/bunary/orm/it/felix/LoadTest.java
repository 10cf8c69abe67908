package dev.bunary.orm.it.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.Bundle;

/** Swaps under the load of bundles/soak: nothing fails, and every acknowledged write is in the table once. */
@Timeout(120)
final class LoadTest extends UnderLoad {

    @BeforeEach
    void start() throws Exception {
        startLoad();
    }

    @Test
    void updatesInPlace_underLoad_loseNothing() throws Exception {
        for (int i = 1; i <= 5; i++) {
            load.awaitWrites(BETWEEN_SWAPS);
            framework.update(framework.driver, framework.driverAs("9." + i + ".0"));
        }
        assertNothingLost(6);
        assertEquals("9.5.0", probe.status().version());
    }

    @Test
    void restarts_underLoad_loseNothing() throws Exception {
        for (int i = 0; i < 5; i++) {
            load.awaitWrites(BETWEEN_SWAPS);
            framework.driver.stop();
            framework.driver.start();
        }
        assertNothingLost(6);
    }

    @Test
    void reinstalls_underLoad_loseNothing() throws Exception {
        for (int i = 1; i <= 3; i++) {
            load.awaitWrites(BETWEEN_SWAPS);
            framework.driver.uninstall();
            framework.driver = framework.installAndStart(framework.driverAs("9." + i + ".0"));
        }
        assertNothingLost(4);
        assertEquals("9.3.0", probe.status().version());
    }

    @Test
    void newerVersionsBeside_underLoad_loseNothing() throws Exception {
        for (int i = 1; i <= 3; i++) {
            load.awaitWrites(BETWEEN_SWAPS);
            Bundle newer = framework.installAndStart(framework.driverAs("9." + i + ".0"));
            load.awaitWrites(BETWEEN_SWAPS);
            assertEquals("9." + i + ".0", probe.status().version());
            newer.uninstall();
        }
        assertNothingLost(7);
        assertEquals(framework.driver.getVersion().toString(), probe.status().version());
    }

    @Test
    void sqliteJdbcBundle_replacedUnderLoad_losesNothing() throws Exception {
        String engine = "SELECT sqlite_version()";
        String before = probe.ask(engine);
        load.awaitWrites(BETWEEN_SWAPS);
        framework.replaceSqlite(Jars.SQLITE_JDBC_PREVIOUS);
        load.awaitWrites(BETWEEN_SWAPS);
        String previous = probe.ask(engine);
        assertNotEquals(before, previous);
        framework.replaceSqlite(Jars.SQLITE_JDBC);
        load.awaitWrites(BETWEEN_SWAPS);
        assertEquals(before, probe.ask(engine));
        assertNothingLost(3);
    }

    @Test
    void refreshOfTheDriverBundle_underLoad_losesNothing() throws Exception {
        for (int i = 0; i < 3; i++) {
            load.awaitWrites(BETWEEN_SWAPS);
            framework.refresh(List.of(framework.driver));
        }
        assertNothingLost(4);
    }

    private void assertNothingLost(long generations) throws InterruptedException {
        assertNothingLost();
        assertTrue(probe.status().generation() >= generations, () -> "status " + probe.status());
    }
}
