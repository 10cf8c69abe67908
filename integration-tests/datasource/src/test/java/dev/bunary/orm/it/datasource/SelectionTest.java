package dev.bunary.orm.it.datasource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.it.datasource.probe.Probe;
import dev.bunary.orm.it.framework.Await;
import dev.bunary.orm.it.framework.BundleJar;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleWiring;

/** Which JDBC service serves which connection, and what a service that comes or goes means to the others. */
@Timeout(60)
final class SelectionTest {
    private static final String OURS = "dev.bunary.orm.it.datasource.consumer";
    private static final String H2 = "com.h2database";
    private static final String ASK = "SELECT 'answer'";

    @TempDir
    private Path folder;

    private TestFramework framework;
    private Probe probe;

    @BeforeEach
    void start() throws Exception {
        framework = TestFramework.start(
                folder,
                "acquireTimeout=2s",
                "connection.default.type=datasource",
                "connection.default.osgi.jdbc.driver.class=org.h2.Driver",
                "connection.default.url=" + file("app"));
        probe = framework.probe();
        assertEquals("answer", probe.ask("default", ASK));
    }

    @AfterEach
    void stop() throws Exception {
        framework.close();
    }

    private String file(String name) {
        return "jdbc:h2:file:" + folder.resolve(name);
    }

    @Test
    void otherDriverClass_ofHigherRanking_isNoneOfThisConnections() throws Exception {
        AutoCloseable other = probe.announceFactory("org.example.Driver", 100);
        assertEquals("answer", probe.ask("default", ASK));
        assertEquals(1, probe.status("default").candidates().size());
        other.close();
        assertEquals("answer", probe.ask("default", ASK));
        assertEquals(1, probe.status("default").generation(), "an unrelated service has swapped this connection");
        assertEquals(H2, probe.status("default").factory());
    }

    @Test
    void factoryFilter_onThePropertiesOfTheService_chooses() throws Exception {
        AutoCloseable other = probe.announceFactory("org.example.Driver", 0);
        probe.configure("second", Map.of("url", file("second"), "factory.filter", "(osgi.jdbc.driver.class=org.ex*)"));
        assertEquals("answer", probe.ask("second", ASK));
        assertEquals(OURS, probe.status("second").factory());
        assertEquals(H2, probe.status("default").factory());
        other.close();
        String refused = assertThrows(RuntimeException.class, () -> probe.ask("second", ASK))
                .toString();
        assertTrue(refused.contains("do not take this configuration: com.h2database 2"), refused);
        assertEquals("answer", probe.ask("default", ASK));
        assertEquals(1, probe.status("default").generation());
    }

    @Test
    void dataSourceService_onlyByFilter_serves() throws Exception {
        AutoCloseable orders = probe.announceDataSource("orders", file("orders"));
        AutoCloseable users = probe.announceDataSource("users", file("users"));
        probe.configure("second", Map.of("datasource.filter", "(name=users)"));
        probe.exec("second", "CREATE TABLE only_here (id INTEGER)");
        assertEquals(1, probe.status("second").candidates().size());
        assertThrows(RuntimeException.class, () -> probe.exec("default", "DELETE FROM only_here"));
        assertEquals(1, probe.status("default").candidates().size(), "a DataSource was taken without being asked for");
        orders.close();
        assertEquals(0, probe.exec("second", "DELETE FROM only_here"));
        assertEquals(1, probe.status("second").generation());
        users.close();
        assertEquals("UNBOUND", probe.status("second").state());
        try (AutoCloseable back = probe.announceDataSource("users", file("users"))) {
            assertEquals(0, probe.exec("second", "DELETE FROM only_here"), () -> "with " + back);
        }
    }

    @Test
    void betterFactory_swapsByWhatTheConfigurationReaches() throws Exception {
        probe.configure("file", Map.of("url", file("file")));
        probe.configure("named", Map.of("url", file("named"), "swap", "overlap"));
        probe.configure("memory", Map.of("url", "jdbc:h2:mem:app"));
        // not as 'url', so the product is not known
        probe.configure("unknown", Map.of("jdbc.url", file("unknown")));
        List<String> connections = List.of("file", "named", "memory", "unknown");
        for (String connection : connections) {
            assertEquals("answer", probe.ask(connection, ASK));
        }
        try (Probe.Announced better = probe.announceFactory("org.h2.Driver", 100)) {
            for (String swapped : List.of("file", "named", "unknown")) {
                // one at a time, the next is opened by a caller; side by side, whenever it is ready
                assertEquals("answer", probe.ask(swapped, ASK));
                Await.until(() -> eventsOf(swapped).contains("REBOUND"), () -> better + " " + probe.events());
                assertEquals(OURS, probe.status(swapped).factory());
            }
            assertEquals(List.of("BOUND", "DRAINING", "REBOUND"), eventsOf("file"));
            assertEquals(List.of("BOUND", "REBOUND"), eventsOf("named"));
            assertEquals(List.of("BOUND", "DRAINING", "REBOUND"), eventsOf("unknown"));
            assertEquals(List.of("BOUND"), eventsOf("memory"));
            assertTrue(probe.status("memory").candidates().toString().contains("the current driver holds the data"));
        }
    }

    private List<String> eventsOf(String connection) {
        return probe.events().stream()
                .filter(event -> event.endsWith(" " + connection))
                .map(event -> event.substring(0, event.indexOf(' ')))
                .toList();
    }

    @Test
    void announcement_ofAService_repeatsNoPropertyThatMayBeSecret() throws Exception {
        try (AutoCloseable users = probe.announceDataSource("users", file("users"))) {
            for (ServiceReference<?> announced : framework.announced()) {
                List<String> keys = List.of(announced.getPropertyKeys());
                assertFalse(keys.contains("password"), () -> users + " " + keys);
            }
            assertEquals(2, framework.announced().size());
        }
    }

    @Test
    void wrongFilter_isToldAtOnce() {
        probe.configure("second", Map.of("url", file("second"), "factory.filter", "(osgi.jdbc"));
        String refused = assertThrows(RuntimeException.class, () -> probe.ask("second", ASK))
                .toString();
        assertTrue(refused.contains("ConfigurationException") && refused.contains("'factory.filter'"), refused);
    }

    @Test
    void missingOrWrongUrl_isToldWithoutItsSecrets() {
        probe.configure("second", Map.of("osgi.jdbc.driver.class", "org.h2.Driver"));
        String missing = assertThrows(RuntimeException.class, () -> probe.ask("second", ASK))
                .toString();
        assertTrue(missing.contains("no property 'url'"), missing);
        probe.configure("second", Map.of("url", "jdbc:nothing:x;PASSWORD=hidden5150", "jdbc.wrong", "hidden5150"));
        String wrong = assertThrows(RuntimeException.class, () -> probe.ask("second", ASK))
                .toString();
        assertFalse(wrong.contains("hidden5150"), wrong);
    }

    @Test
    void h2Bundle_stoppedAndStarted_servesTheSameFileAgain() throws Exception {
        probe.exec("default", "CREATE TABLE t (id INTEGER)");
        framework.h2.stop();
        assertEquals("UNBOUND", probe.status("default").state());
        String none = assertThrows(RuntimeException.class, () -> probe.ask("default", ASK))
                .toString();
        assertTrue(none.contains("no working datasource driver"), none);
        framework.h2.start();
        assertEquals(1, probe.exec("default", "INSERT INTO t VALUES (1)"));
        framework.driver.stop();
        framework.driver.start();
        assertEquals(1, probe.exec("default", "DELETE FROM t"));
    }

    @Test
    void updates_ofBothBundles_leaveNoClassLoader() throws Exception {
        probe.exec("default", "CREATE TABLE t (id INTEGER PRIMARY KEY)");
        assertThrows(RuntimeException.class, () -> probe.exec("default", "INSERT INTO t VALUES (NULL)"));
        var h2 = new WeakReference<>(framework.h2.adapt(BundleWiring.class).getClassLoader());
        framework.update(framework.h2, BundleJar.restamped(Jars.H2, "9.1.0", folder));
        assertEquals(1, probe.exec("default", "INSERT INTO t VALUES (1)"));
        Await.collected(h2, "H2's old class loader");
        // H2 has a static exception, whose stack keeps the classes of whoever first touched H2: one loader, and only
        // while that H2 lives. So the first of our versions may stay, no other.
        framework.update(framework.driver, BundleJar.restamped(Jars.DRIVER, "9.1.0", folder));
        assertEquals(1, probe.exec("default", "DELETE FROM t"));
        var driver =
                new WeakReference<>(framework.driver.adapt(BundleWiring.class).getClassLoader());
        framework.update(framework.driver, BundleJar.restamped(Jars.DRIVER, "9.2.0", folder));
        assertEquals(0, probe.exec("default", "DELETE FROM t"));
        Await.collected(driver, "our driver's old class loader");
    }
}
