package dev.bunary.orm.it.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.it.felix.probe.Probe;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/** A thread never waits for itself, whatever it does to bundles while it uses a driver, and whatever it uses while it starts one. */
@Timeout(60)
final class SelfDeadlockTest {
    @TempDir
    private Path folder;

    private TestFramework framework;
    private Probe probe;

    @BeforeEach
    void start() throws Exception {
        framework = TestFramework.start(folder);
        framework.installAll();
        framework.startAll();
        probe = framework.probe();
        probe.exec("CREATE TABLE notes (text TEXT NOT NULL)");
    }

    @AfterEach
    void stop() throws Exception {
        framework.close();
    }

    @Test
    void driverBundle_stoppedInsideATransaction_rollsThatTransactionBackAtOnce() throws Exception {
        long begin = System.nanoTime();
        Throwable failure = Caller.start("holder", () -> {
                    probe.transaction(
                            "INSERT INTO notes VALUES ('first')",
                            () -> stop(framework.driver),
                            "INSERT INTO notes VALUES ('second')");
                    return "committed";
                })
                .failure();
        assertEquals("DriverSwappedException", failure.getClass().getSimpleName(), failure::toString);
        long millis = (System.nanoTime() - begin) / 1_000_000;
        assertTrue(millis < 4_000, () -> "it waited for its own lease: " + millis + " ms");
        framework.driver.start();
        assertEquals("0", probe.ask("SELECT count(*) FROM notes"));
    }

    /** The probe's stream is a WITH, which the SQLite driver reads to its end first: so the rows survive their driver. */
    @Test
    void driverBundle_updatedInsideAStream_doesNotWaitForIt() throws Exception {
        long begin = System.nanoTime();
        long sum = Caller.start("holder", () -> probe.stream(() -> update("9.6.0")))
                .result();
        long millis = (System.nanoTime() - begin) / 1_000_000;
        assertEquals(500_500, sum);
        assertTrue(millis < 4_000, () -> "it waited for its own lease: " + millis + " ms");
        assertEquals("0", probe.ask("SELECT count(*) FROM notes"));
        assertEquals("9.6.0", probe.status().version());
    }

    @Test
    void use_insideABundleStart_whileNoDriverIsThere_failsAtOnceAndNamesTheOrmService() throws Exception {
        framework.driver.stop();
        var seen = new AtomicReference<Throwable>();
        framework.register(Runnable.class, () -> {
            try {
                probe.ask("SELECT 1");
            } catch (RuntimeException failure) {
                seen.set(failure);
            }
        });
        long begin = System.nanoTime();
        framework.installAndStart(Jars.eager(folder));
        long millis = (System.nanoTime() - begin) / 1_000_000;
        assertTrue(millis < 5_000, () -> "the start of a bundle was held up for " + millis + " ms");
        assertEquals("DriverUnavailableException", seen.get().getClass().getSimpleName());
        assertTrue(seen.get().getMessage().contains("use the Orm service"), seen.get()::getMessage);
    }

    @Test
    void use_insideABundleStart_whileADriverIsThere_works() throws Exception {
        var seen = new AtomicReference<String>();
        framework.register(Runnable.class, () -> seen.set(probe.ask("SELECT count(*) FROM notes")));
        framework.installAndStart(Jars.eager(folder));
        assertEquals("0", seen.get());
    }

    private static void stop(Bundle bundle) {
        try {
            bundle.stop();
        } catch (BundleException failure) {
            throw new AssertionError(failure);
        }
    }

    private void update(String version) {
        try {
            framework.update(framework.driver, framework.driverAs(version));
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }
}
