package dev.bunary.orm.it.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.it.felix.probe.Probe;
import dev.bunary.orm.it.framework.Await;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The framework stops while work is open that would never end by itself. */
@Timeout(60)
final class FrameworkStopTest {
    private static final long BOUND_MILLIS = 5_000;

    @TempDir
    private Path folder;

    @Test
    void framework_stoppedUnderOpenWork_endsItAtTheDrainDeadline() throws Exception {
        var framework = TestFramework.start(folder, "drainTimeout=300ms");
        framework.installAll();
        framework.startAll();
        Probe probe = framework.probe();
        probe.exec("CREATE TABLE notes (text TEXT NOT NULL)");
        var goOn = new CountDownLatch(1);
        var streaming = new CountDownLatch(1);
        var stream = Caller.start(
                "stream",
                () -> probe.stream(() -> {
                    streaming.countDown();
                    Await.latch(goOn);
                    probe.ask("SELECT 1");
                }));
        Await.latch(streaming); // first, as the driver takes its WITH for a write, which would wait for the transaction
        var writing = new CountDownLatch(1);
        var transaction = Caller.start("transaction", () -> {
            Runnable hold = () -> {
                writing.countDown();
                Await.latch(goOn);
            };
            probe.transaction("INSERT INTO notes VALUES ('first')", hold, "INSERT INTO notes VALUES ('second')");
            return "committed";
        });
        Await.latch(writing);
        long begin = System.nanoTime();
        framework.close();
        long millis = (System.nanoTime() - begin) / 1_000_000;
        assertTrue(millis < BOUND_MILLIS, () -> "the framework took " + millis + " ms to stop");
        goOn.countDown();
        // what they are told depends on the framework: one that has stopped gives no classes any more, also not errors'
        assertNotNull(transaction.failure());
        assertNotNull(stream.failure());
        try (var again = TestFramework.start(folder)) {
            again.installAll();
            again.startAll();
            assertEquals("0", again.probe().ask("SELECT count(*) FROM notes"));
            assertEquals("ok", again.probe().ask("PRAGMA integrity_check"));
        }
    }
}
