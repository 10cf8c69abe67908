package dev.bunary.orm.it.datasource;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

/**
 * Two bundles of H2, each an engine of its own, and one file. H2 holds the file's lock while it is open and refuses the
 * other copy, which would be seen as a quarantine: there is none as long as the second waits for the first to be closed.
 */
@Timeout(60)
final class TwoCopiesTest {
    private static final String ASK = "SELECT 'answer'";
    private static final String NEWER = "9.0.0";
    private static final int THREADS = 4;
    private static final int ROUNDS = 3;

    @TempDir
    private Path folder;

    private TestFramework framework;
    private Probe probe;

    @BeforeEach
    void start() throws Exception {
        framework = TestFramework.start(
                folder,
                "acquireTimeout=4s",
                "drainTimeout=500ms",
                "connection.default.type=datasource",
                "connection.default.url=jdbc:h2:" + folder.resolve("app"),
                "connection.second.type=datasource",
                // the same file, written differently
                "connection.second.url=jdbc:h2:file:" + folder.resolve("./app"));
        probe = framework.probe();
    }

    @AfterEach
    void stop() throws Exception {
        framework.close();
    }

    @Test
    void secondCopy_installedAndRemovedUnderLoad_isNeverOpenBesideTheFirst() throws Exception {
        Path newer = BundleJar.restamped(Jars.H2, NEWER, folder);
        for (String connection : List.of("default", "second")) {
            probe.exec(connection, "CREATE TABLE ledger_" + connection + " (worker INTEGER, seq BIGINT, part INTEGER)");
        }
        String older = version("default");
        Probe.RunningLoad one = probe.startLoad("default", "ledger_default", THREADS);
        Probe.RunningLoad two = probe.startLoad("second", "ledger_second", THREADS);
        WeakReference<ClassLoader> removed = null;
        for (int i = 0; i < ROUNDS; i++) {
            Bundle copy = framework.install(newer);
            copy.start();
            awaitServing(NEWER);
            one.awaitTransactions(THREADS);
            two.awaitTransactions(THREADS);
            removed = new WeakReference<>(copy.adapt(BundleWiring.class).getClassLoader());
            copy.uninstall();
            awaitServing(older);
            one.awaitTransactions(THREADS);
            two.awaitTransactions(THREADS);
        }
        assertLossless(one.stop());
        assertLossless(two.stop());
        List<String> events = probe.events();
        for (String connection : List.of("default", "second")) {
            assertTrue(!events.contains("QUARANTINED " + connection), () -> "a copy met the other: " + events);
            assertTrue(!events.contains("FORCED " + connection), events::toString);
            assertEquals(1 + 2 * ROUNDS, probe.status(connection).generation(), connection);
        }
        Await.collected(removed, "the removed copy's class loader");
    }

    private String version(String connection) {
        return probe.status(connection).version();
    }

    private void awaitServing(String version) {
        for (String connection : List.of("default", "second")) {
            Await.until(
                    () -> version(connection).equals(version),
                    () -> probe.status(connection).toString());
        }
    }

    private static void assertLossless(Probe.Outcome outcome) {
        System.out.printf(
                "two copies, one file: %d transactions, %d failed, %d lost%n",
                outcome.transactions(), outcome.failed(), outcome.lost());
        assertEquals(0, outcome.failed(), () -> String.join("\n", outcome.failures()));
        assertEquals(0, outcome.lost(), "lost writes");
        assertEquals(0, outcome.doubled(), "doubled writes");
        assertEquals(0, outcome.foreign(), "writes that nobody acknowledged");
    }

    @Test
    void secondCopy_chosenByAnotherConnection_isRefusedUntilTheFirstIsClosed() throws Exception {
        Bundle copy = framework.install(BundleJar.restamped(Jars.H2, NEWER, folder));
        copy.start();
        choose("default", framework.h2);
        choose("second", copy);
        probe.exec("default", "CREATE TABLE t (id INTEGER)");

        String refused = assertThrows(RuntimeException.class, () -> probe.ask("second", ASK))
                .toString();
        assertTrue(refused.contains("is in use by com.h2database"), refused);
        assertEquals("answer", probe.ask("default", ASK));

        probe.closeDriver("default");
        // left alone for a moment after each refusal, so not at the first call
        Await.until(
                () -> version("second").equals(NEWER) || answers("second"),
                () -> probe.status("second").toString());
        assertEquals(0, probe.exec("second", "DELETE FROM t"));
        assertThrows(RuntimeException.class, () -> probe.ask("default", ASK));
    }

    private boolean answers(String connection) {
        try {
            return probe.ask(connection, ASK).equals("answer");
        } catch (RuntimeException refused) {
            return false;
        }
    }

    private void choose(String connection, Bundle bundle) {
        probe.configure(
                connection,
                Map.of(
                        "url",
                        "jdbc:h2:" + folder.resolve("app"),
                        "factory.filter",
                        "(service.bundleid=" + bundle.getBundleId() + ")"));
    }
}
