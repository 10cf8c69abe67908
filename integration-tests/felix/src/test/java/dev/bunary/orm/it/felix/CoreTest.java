package dev.bunary.orm.it.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.it.felix.probe.Probe;
import dev.bunary.orm.it.framework.Await;
import dev.bunary.orm.it.framework.BundleJar;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The core bundle itself stops and starts. */
@Timeout(60)
final class CoreTest {
    private static final String ERRORS = "dev.bunary.orm.driver.";

    @TempDir
    private Path folder;

    private TestFramework framework;

    @BeforeEach
    void start() throws Exception {
        framework = TestFramework.start(folder);
        framework.installAll();
        framework.startAll();
    }

    @AfterEach
    void stop() throws Exception {
        framework.close();
    }

    @Test
    void parkedCallers_whenCoreStops_getACleanErrorAtOnce() throws Exception {
        Probe probe = framework.probe();
        assertEquals("1", probe.ask("SELECT 1"));
        framework.driver.stop();
        var callers = new ArrayList<Caller<String>>();
        for (int i = 0; i < 3; i++) {
            callers.add(Caller.start("parked-" + i, () -> probe.ask("SELECT 1")));
        }
        Await.until(() -> probe.status().parked() == 3, () -> "status " + probe.status());
        long begin = System.nanoTime();
        framework.core.stop();
        for (Caller<String> caller : callers) {
            assertOrmError(caller.failure());
        }
        long millis = (System.nanoTime() - begin) / 1_000_000;
        assertTrue(millis < 8_000, () -> "they waited for acquireTimeout: " + millis + " ms");
        framework.core.start();
        framework.driver.start();
        assertEquals("1", framework.probe().ask("SELECT 1"));
    }

    @Test
    void core_restartedUnderLoad_endsCallersCleanlyAndStartsAnew() throws Exception {
        var load = new Writers(framework.probe());
        framework.core.stop();
        load.assertEndedCleanly();
        framework.core.start();
        load.assertAllThere(framework.probe());
    }

    @Test
    void core_updatedAndRefreshedUnderLoad_endsCallersCleanlyAndStartsAnew() throws Exception {
        var load = new Writers(framework.probe());
        framework.update(framework.core, BundleJar.restamped(Jars.CORE, "0.2.0", folder));
        framework.refresh(List.of(framework.core));
        load.assertEndedCleanly();
        assertEquals("0.2.0", framework.core.getVersion().toString());
        assertStartedAnew(load);
    }

    @Test
    void core_refreshedUnderLoad_endsCallersCleanlyAndStartsAnew() throws Exception {
        var load = new Writers(framework.probe());
        framework.refresh(List.of(framework.core));
        load.assertEndedCleanly();
        assertStartedAnew(load);
    }

    private void assertStartedAnew(Writers load) {
        load.assertAllThere(framework.probe());
        assertEquals(1, framework.probe().status().generation());
    }

    @Test
    void framework_stoppedUnderLoad_endsCallersCleanlyAndLosesNothing() throws Exception {
        var load = new Writers(framework.probe());
        framework.close();
        load.assertEndedCleanly();
        framework = TestFramework.start(folder);
        framework.installAll();
        framework.startAll();
        load.assertAllThere(framework.probe());
    }

    /** Threads that write until they get an error. */
    private static final class Writers {
        private final AtomicLong written = new AtomicLong();
        private final List<Caller<Void>> writers = new ArrayList<>();

        Writers(Probe probe) {
            probe.exec("CREATE TABLE notes (text TEXT NOT NULL)");
            for (int i = 0; i < 3; i++) {
                writers.add(Caller.start("writer-" + i, () -> {
                    while (true) { // ends with the error it is to get
                        probe.exec("INSERT INTO notes VALUES ('x')");
                        written.incrementAndGet();
                    }
                }));
            }
            Await.until(() -> written.get() > 100, () -> "written " + written);
        }

        void assertEndedCleanly() throws Exception {
            for (Caller<Void> writer : writers) {
                assertOrmError(writer.failure());
            }
        }

        void assertAllThere(Probe again) {
            assertEquals(String.valueOf(written.get()), again.ask("SELECT count(*) FROM notes"));
            assertEquals("ok", again.ask("PRAGMA integrity_check"));
        }
    }

    private static void assertOrmError(Throwable failure) {
        assertTrue(failure.getClass().getName().startsWith(ERRORS), failure::toString);
    }
}
