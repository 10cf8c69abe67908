package dev.bunary.orm.it.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

/** What happens when waiting has an end: parked callers, and work that outlasts the drain. */
@Timeout(60)
final class DeadlineTest {
    @TempDir
    private Path folder;

    private TestFramework framework;
    private Probe probe;

    @BeforeEach
    void start() throws Exception {
        framework = TestFramework.start(folder, "acquireTimeout=1500ms", "drainTimeout=300ms");
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
    void caller_whenNoDriverComes_isToldStateAndRemedy() throws Exception {
        framework.driver.stop();
        Throwable failure = Caller.start("parked", () -> probe.ask("SELECT 1")).failure();
        assertTrue(failure.getClass().getName().startsWith("dev.bunary.orm.driver."), failure::toString);
        assertTrue(failure.getMessage().contains("connection 'default'"), failure::getMessage);
        assertTrue(failure.getMessage().contains("after 1"), failure::getMessage);
        assertTrue(failure.getMessage().contains("DriverFactory type=sqlite"), failure::getMessage);
        framework.driver.start();
        assertEquals("1", probe.ask("SELECT 1"));
    }

    @Test
    void transaction_thatOutlastsTheDrain_isRolledBackAndSaysSo() throws Exception {
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
        framework.update(framework.driver, framework.driverAs("9.7.0"));
        goOn.countDown();
        Throwable failure = transaction.failure();
        assertEquals("DriverSwappedException", failure.getClass().getSimpleName(), failure::toString);
        Await.until(() -> probe.events().contains("FORCED"), () -> "events " + probe.events());
        assertEquals("0", probe.ask("SELECT count(*) FROM notes"));
        assertEquals("9.7.0", probe.status().version());
    }

    /** Felix holds its global lock during a refresh, so that this work waits for the refresh that waits for this work. */
    @Test
    void transaction_thatStartsABundle_duringABareRefresh_endsInOrderAtTheDeadline() throws Exception {
        Path eager = Jars.eager(folder);
        framework.register(Runnable.class, () -> {});
        var inside = new CountDownLatch(1);
        var holder = Caller.start("holder", () -> {
            Runnable between = () -> {
                inside.countDown();
                Await.until(() -> probe.events().contains("DRAINING"), () -> "events " + probe.events());
                startBundle(eager);
            };
            try {
                probe.transaction("INSERT INTO notes VALUES ('first')", between, "INSERT INTO notes VALUES ('second')");
                return "2"; // where nothing held it up
            } catch (RuntimeException givenUp) {
                assertEquals("DriverSwappedException", givenUp.getClass().getSimpleName(), givenUp::toString);
                return "0";
            }
        });
        Await.latch(inside);

        long begin = System.nanoTime();
        framework.refresh(List.of(framework.driver));

        long millis = (System.nanoTime() - begin) / 1_000_000;
        assertTrue(millis < 10_000, () -> "the refresh took " + millis + " ms");
        String rows = holder.result();
        assertEquals(rows, probe.ask("SELECT count(*) FROM notes"));
    }

    private void startBundle(Path jar) {
        try {
            framework.installAndStart(jar);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }
}
