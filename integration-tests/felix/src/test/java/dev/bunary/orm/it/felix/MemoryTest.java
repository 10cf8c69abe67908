package dev.bunary.orm.it.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.it.felix.probe.Probe;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.ServiceRegistration;

/** Data that lives in SQLite's memory, and so in one driver of one bundle. */
@Timeout(60)
final class MemoryTest {
    private static final String NOTES = "SELECT group_concat(text) FROM notes";
    private static final String TABLES = "SELECT count(*) FROM sqlite_schema";

    @TempDir
    private Path folder;

    private TestFramework framework;
    private Probe probe;
    private Object before;

    @BeforeEach
    void start() throws Exception {
        framework = TestFramework.start(folder);
        framework.installAll();
        framework.startAll();
        probe = framework.probe();
        probe.configure("sqlite", Map.of("path", ":memory:"));
        probe.exec("CREATE TABLE notes (text TEXT NOT NULL)");
        probe.exec("INSERT INTO notes VALUES ('one')");
        before = probe.handle();
    }

    @AfterEach
    void stop() throws Exception {
        framework.close();
    }

    @Test
    void data_whenAnotherDriverComesOrIsRankedHigher_staysWhereItIs() throws Exception {
        framework.installAndStart(framework.driverAs("9.1.0"));
        assertStays();
        ServiceRegistration<?> ranked = framework.installRanked("9.2.0", 10);
        assertStays();
        ranked.setProperties(TestFramework.ranking(20));
        assertStays();
        ranked.unregister();
        assertStays();
        framework.driver.stop(); // it was not served by another unnoticed
        assertLost();
    }

    private void assertStays() {
        assertSame(before, probe.handle());
        assertEquals("one", probe.ask(NOTES));
        assertEquals(framework.driver.getVersion().toString(), probe.status().version());
    }

    @Test
    void data_whenItsBundleIsUpdated_isToldLost_untilTheDriverIsClosed() throws Exception {
        framework.update(framework.driver, framework.driverAs("9.1.0"));
        assertLost();
        framework.installAndStart(framework.driverAs("9.2.0"));
        assertLost();
        probe.closeDriver();
        assertEquals("0", probe.ask(TABLES));
        assertEquals("9.2.0", probe.status().version());
    }

    private void assertLost() {
        for (int i = 0; i < 2; i++) { // also not when it is asked again
            assertToldLost(assertThrows(RuntimeException.class, () -> probe.ask(TABLES)));
            assertToldLost(assertThrows(RuntimeException.class, () -> probe.ask(before, NOTES)));
        }
    }

    private static void assertToldLost(RuntimeException failure) {
        assertEquals("DriverClosedException", failure.getClass().getSimpleName(), failure::toString);
        assertTrue(
                failure.getMessage().contains("connection 'default': its data lived in the driver of"),
                failure::getMessage);
        assertTrue(failure.getMessage().contains("call closeDriver()"), failure::getMessage);
    }
}
