package dev.bunary.orm.it.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.it.felix.probe.Probe;
import dev.bunary.orm.it.framework.Await;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** What one change of a driver bundle does to the connection it serves. */
@Timeout(60)
final class SwapTest {
    private static final String SQLITE = "dev.bunary.orm.driver.sqlite";
    private static final String OTHER = "dev.bunary.orm.it.felix.other";
    private static final String ENGINE = "SELECT typeof(sqlite_version())";

    @TempDir
    private Path folder;

    private TestFramework framework;
    private Probe probe;

    @BeforeEach
    void start() throws Exception {
        framework = TestFramework.start(folder, "acquireTimeout=10s", "drainTimeout=5s");
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
    void handle_whileNothingChanges_isTheSame() {
        assertSame(probe.handle(), probe.handle());
        assertEquals(1, probe.status().generation());
    }

    @Test
    void update_ofTheDriverBundle_evictsAndRebinds() throws Exception {
        Object before = probe.handle();
        framework.update(framework.driver, framework.driverAs("9.1.0"));
        assertRebound(before, 1, SQLITE, "9.1.0");
        // listeners are told outside all locks, so an event may come a little after what it tells of
        var told = List.of("BOUND", "DRAINING", "LOST", "REBOUND");
        Await.until(() -> probe.events().equals(told), () -> "events " + probe.events());
        assertEquals("text", probe.ask(before, ENGINE), "a handle from before the swap follows");
    }

    @Test
    void restart_ofTheDriverBundle_evictsAndRebinds() throws Exception {
        Object before = probe.handle();
        framework.driver.stop();
        framework.driver.start();
        assertRebound(before, 1, SQLITE, framework.driver.getVersion().toString());
    }

    @Test
    void reinstall_ofTheDriverBundle_evictsAndRebinds() throws Exception {
        Object before = probe.handle();
        framework.driver.uninstall();
        framework.installAndStart(framework.driverAs("9.2.0"));
        assertRebound(before, 1, SQLITE, "9.2.0");
    }

    @Test
    void otherDriver_ofHigherRanking_servesUntilItIsUninstalled() throws Exception {
        Object before = probe.handle();
        Bundle other = framework.installAndStart(Jars.otherDriver(folder));
        assertRebound(before, 1, OTHER, "1.0.0");
        assertEquals("other", probe.ask(ENGINE));
        Object during = probe.handle();
        long generation = probe.status().generation();
        other.uninstall();
        assertRebound(during, generation, SQLITE, framework.driver.getVersion().toString());
        assertEquals("text", probe.ask(ENGINE));
    }

    @Test
    void newerVersion_installedBeside_servesUntilItIsUninstalled() throws Exception {
        Object before = probe.handle();
        Bundle newer = framework.installAndStart(framework.driverAs("9.3.0"));
        assertRebound(before, 1, SQLITE, "9.3.0");
        Object during = probe.handle();
        long generation = probe.status().generation();
        newer.uninstall();
        assertRebound(during, generation, SQLITE, framework.driver.getVersion().toString());
    }

    @Test
    void olderDriver_restarted_doesNotTakeOver() throws Exception {
        framework.installAndStart(framework.driverAs("9.4.0"));
        Object before = probe.handle();
        framework.driver.stop();
        framework.driver.start();
        assertSame(before, probe.handle());
        assertEquals("9.4.0", probe.status().version());
    }

    @Test
    void olderDriver_updated_takesOver_whateverItsVersion() throws Exception {
        framework.installAndStart(framework.driverAs("9.4.0"));
        Object before = probe.handle();
        assertEquals("9.4.0", probe.status().version());
        long generation = probe.status().generation();
        framework.update(framework.driver, framework.driverAs("0.0.1"));
        assertRebound(before, generation, SQLITE, "0.0.1");
    }

    @Test
    void pinnedDriver_servesBesideANewerOne_andAfterARestart_untilItIsUnpinned() throws Exception {
        String pinned = framework.driver.getVersion().toString();
        Object before = probe.handle();
        probe.pin(pinned);
        framework.installAndStart(framework.driverAs("9.4.0"));
        assertSame(before, probe.handle());
        assertEquals(pinned, probe.status().version());
        framework.driver.stop();
        assertRebound(before, 1, SQLITE, "9.4.0");
        framework.driver.start();
        assertRebound(before, 2, SQLITE, pinned);
        probe.unpin();
        assertRebound(before, 3, SQLITE, "9.4.0");
    }

    @Test
    void registeredDriver_servesBeforeTheAnnouncedOnes_untilItIsTakenBack() throws Exception {
        framework.installRanked("9.1.0", 10);
        Object before = probe.handle();
        assertEquals("9.1.0", probe.status().version());
        long generation = probe.status().generation();
        Object factory = TestFramework.factory(framework.installSilent("9.2.0"));
        AutoCloseable registration = probe.register("sqlite", factory);
        assertRebound(before, generation, factory.getClass().getName(), "");
        Object during = probe.handle();
        framework.installRanked("9.3.0", 20);
        assertSame(during, probe.handle());
        registration.close();
        assertRebound(during, generation + 1, SQLITE, "9.3.0");
    }

    @Test
    void transaction_openDuringAnUpdate_endsOnTheOldDriverFirst() throws Exception {
        var inside = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var transaction = Caller.start("holder", () -> {
            Runnable between = () -> {
                inside.countDown();
                Await.latch(goOn);
            };
            probe.transaction("INSERT INTO notes VALUES ('first')", between, "INSERT INTO notes VALUES ('second')");
            return "committed";
        });
        Await.latch(inside);
        Path newer = framework.driverAs("9.5.0");
        var update = Caller.start("updater", () -> {
            framework.update(framework.driver, newer);
            return "updated";
        });
        Await.until(() -> probe.status().state().equals("DRAINING"), () -> "status " + probe.status());
        var parked = Caller.start("parked", () -> probe.ask("SELECT count(*) FROM notes"));
        Await.until(() -> probe.status().parked() == 1, () -> "status " + probe.status());
        assertFalse(update.isDone(), "the bundle was stopped under an open transaction");
        assertFalse(parked.isDone(), "a new caller got in during the drain");
        goOn.countDown();
        assertEquals("committed", transaction.result());
        assertEquals("updated", update.result());
        assertEquals("2", parked.result());
        assertEquals("9.5.0", probe.status().version());
    }

    @Test
    void stream_openDuringAnUpdate_endsOnTheOldDriverFirst() throws Exception {
        var inside = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var stream = Caller.start(
                "holder",
                () -> probe.stream(() -> {
                    inside.countDown();
                    Await.latch(goOn);
                    // work on the same connection inside the stream must not wait for the drain that waits for the
                    // stream
                    probe.ask(ENGINE);
                }));
        Await.latch(inside);
        Path newer = framework.driverAs("9.6.0");
        var update = Caller.start("updater", () -> {
            framework.update(framework.driver, newer);
            return "updated";
        });
        Await.until(() -> probe.status().state().equals("DRAINING"), () -> "status " + probe.status());
        assertFalse(update.isDone(), "the bundle was stopped under an open stream");
        goOn.countDown();
        assertEquals(500_500, stream.result());
        assertEquals("updated", update.result());
        assertEquals("text", probe.ask(ENGINE));
        assertEquals("9.6.0", probe.status().version());
    }

    @Test
    void caller_inTheGap_waitsForTheNextDriver() throws Exception {
        framework.driver.stop();
        var caller = Caller.start("parked", () -> probe.ask(ENGINE));
        Await.until(() -> probe.status().parked() == 1, () -> "status " + probe.status());
        assertFalse(caller.isDone());
        framework.driver.start();
        assertEquals("text", caller.result());
        assertEquals(2, probe.status().generation());
    }

    @Test
    void driverBundle_stopped_leavesNoFilesOfTheNativeLibrary() throws Exception {
        assertEquals("text", probe.ask(ENGINE));
        framework.driver.stop();
        assertEquals(List.of(), TestFramework.unpackedFiles());
        framework.driver.start();
    }

    private void assertRebound(Object before, long generation, String bundle, String version) {
        Object after = probe.handle();
        assertNotSame(before, after);
        var status = probe.status();
        assertTrue(status.generation() > generation, () -> "status " + status);
        assertEquals("BOUND", status.state());
        assertEquals(bundle, status.factory());
        assertEquals(version, status.version());
    }
}
