package dev.bunary.orm.it.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.it.felix.probe.Probe;
import dev.bunary.orm.it.framework.Await;
import java.nio.file.Path;
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
}
