package dev.bunary.orm.it.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.it.felix.probe.Probe;
import dev.bunary.orm.it.framework.Await;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of a caller that waits for a driver. A driver that comes is in {@link SwapTest}, the end of core in {@link
 * CoreTest}.
 */
@Timeout(60)
final class ParkedCallerTest {
    @TempDir
    private Path folder;

    private TestFramework framework;
    private Probe probe;

    private void start(String... configuration) throws Exception {
        framework = TestFramework.start(folder, configuration);
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
    void caller_interruptedInTheGap_endsAtOnceAndTheOthersGoOn() throws Exception {
        start();
        framework.driver.stop();
        var interrupted = Caller.start("interrupted", this::askAndTellTheFlag);
        var other = Caller.start("other", () -> probe.ask("SELECT 'other'"));
        awaitParked(2);
        interrupted.interrupt();
        assertInterrupted(interrupted.result());
        awaitParked(1);
        framework.driver.start();
        assertEquals("other", other.result());
        assertEquals(2, probe.status().generation());
    }

    @Test
    void caller_interruptedDuringADrain_endsAtOnceAndTheDrainGoesOn() throws Exception {
        start();
        var inside = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var holder = Caller.start(
                "holder",
                () -> probe.stream(() -> {
                    inside.countDown();
                    Await.latch(goOn);
                }));
        Await.latch(inside);
        var restart = Caller.start("restart", () -> {
            framework.driver.stop();
            framework.driver.start();
            return "restarted";
        });
        Await.until(() -> probe.status().state().equals("DRAINING"), () -> "status " + probe.status());
        var interrupted = Caller.start("interrupted", this::askAndTellTheFlag);
        awaitParked(1);
        interrupted.interrupt();
        assertInterrupted(interrupted.result());
        assertFalse(restart.isDone(), "the drain did not wait for the stream");
        goOn.countDown();
        assertEquals(500_500, holder.result());
        assertEquals("restarted", restart.result());
        assertEquals("1", probe.ask("SELECT 1"));
    }

    @Test
    void caller_whoseTimeIsOver_leavesNothingThatTheNextDriverServes() throws Exception {
        start("acquireTimeout=1500ms");
        framework.driver.stop();
        var writer = Caller.start("writer", () -> probe.exec("INSERT INTO notes VALUES ('late')"));
        Throwable failure = writer.failure();
        assertEquals("DriverUnavailableException", failure.getClass().getSimpleName(), failure::toString);
        assertEquals(0, probe.status().parked());
        framework.driver.start();
        assertEquals("0", probe.ask("SELECT count(*) FROM notes"));
    }

    @Test
    void callers_parkedTogether_areAllServedByOneNewDriver() throws Exception {
        start();
        framework.driver.stop();
        @SuppressWarnings({"unchecked", "rawtypes"})
        Caller<Long>[] writers = new Caller[20];
        for (int i = 0; i < writers.length; i++) {
            writers[i] = Caller.start("writer-" + i, () -> probe.exec("INSERT INTO notes VALUES ('x')"));
        }
        awaitParked(writers.length);
        framework.driver.start();
        for (Caller<Long> writer : writers) {
            assertEquals(1, writer.result());
        }
        assertEquals(String.valueOf(writers.length), probe.ask("SELECT count(*) FROM notes"));
        assertEquals(2, probe.status().generation());
    }

    private String askAndTellTheFlag() {
        try {
            return "answered " + probe.ask("SELECT 1");
        } catch (RuntimeException failure) {
            return failure + ", flag " + Thread.currentThread().isInterrupted();
        }
    }

    private static void assertInterrupted(String outcome) {
        assertTrue(outcome.contains("DriverUnavailableException"), outcome);
        assertTrue(outcome.contains("connection 'default': the thread was interrupted"), outcome);
        assertTrue(outcome.endsWith("flag true"), outcome);
    }

    private void awaitParked(int callers) {
        Await.until(() -> probe.status().parked() == callers, () -> "status " + probe.status());
    }
}
