package dev.bunary.orm.it.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.it.felix.probe.Probe;
import dev.bunary.orm.it.framework.Await;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A framework with all bundles started, and the load of bundles/soak for a test to start and to judge. */
abstract class UnderLoad {
    static final long BETWEEN_SWAPS = 50;
    private static final int THREADS = 4;

    @TempDir
    Path folder;

    TestFramework framework;
    Probe probe;
    Probe.RunningLoad load;

    @BeforeEach
    void startFramework() throws Exception {
        framework = TestFramework.start(folder, moreConfiguration());
        framework.installAll();
        framework.startAll();
        probe = framework.probe();
    }

    /** What the configuration holds besides the default connection. */
    String[] moreConfiguration() {
        return new String[0];
    }

    @AfterEach
    void stopFramework() throws Exception {
        if (load != null) {
            load.end(); // after a failure it still runs
        }
        framework.close();
    }

    final void startLoad() throws InterruptedException {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        load = probe.startLoad(THREADS, seed);
        load.awaitWrites(BETWEEN_SWAPS);
    }

    /** Waits until the bundle of that version serves. */
    final void awaitServing(String version) {
        Await.until(
                () -> probe.status().state().equals("BOUND")
                        && probe.status().version().equals(version),
                () -> "not served by " + version + " but " + probe.status());
    }

    /** Stops the load. Nothing has failed, every acknowledged write is there once, and no work was ended by force. */
    final void assertNothingLost() throws InterruptedException {
        load.awaitWrites(BETWEEN_SWAPS);
        Probe.Outcome outcome = load.stop();
        System.out.println(outcome);
        assertEquals(0, outcome.failed(), () -> String.join("\n", outcome.failures()));
        assertEquals("agrees", outcome.ledger());
        assertEquals("ok", outcome.integrity());
        assertTrue(outcome.acknowledged() >= 2 * BETWEEN_SWAPS, outcome::toString);
        assertFalse(probe.events().contains("FORCED"), () -> "events " + probe.events());
    }

    /** The connection was swapped so many times, each told once, and nothing goes on swapping it. */
    final void assertRebounds(int expected) throws InterruptedException {
        Await.until(() -> rebounds() >= expected, () -> "events " + probe.events());
        load.awaitWrites(BETWEEN_SWAPS);
        assertEquals(expected, rebounds(), () -> "events " + probe.events());
        assertEquals(expected + 1, probe.status().generation(), () -> "status " + probe.status());
    }

    final long rebounds() {
        return probe.events().stream().filter("REBOUND"::equals).count();
    }
}
