package dev.bunary.orm.it.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.it.felix.probe.Guest;
import dev.bunary.orm.it.felix.probe.Probe;
import dev.bunary.orm.it.framework.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** Bundles that use the {@code Orm} service come and go, and clean up nothing. */
@Timeout(60)
final class ConsumerTest {
    private static final String NOTES = "SELECT text FROM notes";
    private static final String THEN_ENDLESS = NOTES + " UNION ALL SELECT * FROM (WITH RECURSIVE c(n) AS"
            + " (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 100000000000) SELECT count(*) FROM c)";

    @TempDir
    private Path folder;

    private TestFramework framework;
    private Probe probe;
    private Bundle bundle;
    private Guest guest;

    @BeforeEach
    void start() throws Exception {
        framework = TestFramework.start(folder, "acquireTimeout=10s", "drainTimeout=4s");
        framework.installAll();
        framework.startAll();
        probe = framework.probe();
        probe.exec("CREATE TABLE notes (text TEXT NOT NULL)");
        probe.exec("INSERT INTO notes VALUES ('one'), ('two'), ('three')");
        bundle = framework.installAndStart(Jars.guest(folder, "first"));
        guest = framework.guest(bundle);
    }

    @AfterEach
    void stop() throws Exception {
        framework.close();
    }

    @Test
    void views_ofTwoBundles_differ_andStayTheSameThroughASwap() throws Exception {
        Guest second = framework.guest(framework.installAndStart(Jars.guest(folder, "second")));
        Object view = guest.view();
        Object another = second.view();
        assertNotSame(view, another);
        assertSame(guest.handle(), guest.handle());
        Object before = guest.handle();
        framework.update(framework.driver, framework.driverAs("9.1.0"));
        assertEquals("1", probe.ask("SELECT 1"));
        assertSame(view, guest.view());
        assertSame(another, second.view());
        assertNotSame(before, guest.handle());
        assertSame(guest.handle(), guest.handle());
    }

    @Test
    void streams_leftByAStoppedBundle_areEnded_andTheNextUpdateDrainsAtOnce() throws Exception {
        assertEquals("one", guest.openStream(NOTES));
        assertEquals("one", guest.openTable("notes"));
        assertEquals(2, probe.status().leases());
        bundle.stop();
        assertEquals(0, probe.status().leases());
        assertReleased(assertThrows(RuntimeException.class, guest::nextRow));
        assertUpdateDrainsAtOnce();
    }

    @Test
    void streams_ofABundleThatGivesTheServiceBack_areEnded_andTheViewThrows() throws Exception {
        Object given = guest.view();
        assertEquals("one", guest.openStream(NOTES));
        guest.giveBack();
        assertEquals(0, probe.status().leases());
        assertReleased(assertThrows(RuntimeException.class, guest::nextRow));
        assertNotSame(given, guest.view());
        assertEquals("one", guest.openStream(NOTES));
        assertEquals("two", guest.nextRow());
    }

    @Test
    void view_closedByItsBundle_releasesThatBundleAlone() {
        assertEquals("one", guest.openStream(NOTES));
        guest.closeView();
        assertReleased(assertThrows(RuntimeException.class, guest::nextRow));
        assertReleased(assertThrows(RuntimeException.class, guest::handle));
        assertEquals("1", probe.ask("SELECT 1"));
        assertEquals(1, probe.status().generation());
        guest.giveBack();
        assertEquals("one", guest.openTable("notes"));
    }

    @Test
    void reader_betweenTwoRows_whenItsBundleStops_isTold() throws Exception {
        var reached = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var reader = Caller.start(
                "reader",
                () -> guest.read(NOTES, () -> {
                    reached.countDown();
                    await(goOn);
                }));
        await(reached);
        bundle.stop();
        assertEquals(0, probe.status().leases());
        assertUpdateDrainsAtOnce(); // while the reader still does something else
        goOn.countDown();
        assertReleased(reader.failure());
    }

    @Test
    void reader_insideItsMapper_whenItsBundleStops_isTold() throws Exception {
        var reached = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var reader = Caller.start(
                "reader",
                () -> guest.readWith(NOTES, () -> {
                    reached.countDown();
                    await(goOn);
                }));
        await(reached);
        bundle.stop();
        assertEquals(0, probe.status().leases());
        assertUpdateDrainsAtOnce(); // the driver closes the session that the mapper reads from
        goOn.countDown();
        assertReleased(reader.failure());
    }

    @Test
    void reader_insideTheDatabase_whenItsBundleStops_isInterruptedAndTold() throws Exception {
        var quickRows = new CountDownLatch(3);
        var reading = new Thread[1];
        var reader = Caller.start("reader", () -> {
            reading[0] = Thread.currentThread();
            return guest.read(THEN_ENDLESS, quickRows::countDown);
        });
        await(quickRows);
        Await.until(() -> isInAStep(reading[0]), () -> "the reader is in no step of the database");
        bundle.stop();
        assertReleased(reader.failure());
        assertEquals(0, probe.status().leases());
        assertUpdateDrainsAtOnce();
    }

    private static boolean isInAStep(Thread thread) {
        return Stream.of(thread.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("step"));
    }

    @Test
    void reader_whenCoreStops_isToldAtOnce() throws Exception {
        assertEquals("one", guest.openStream(NOTES));
        long begin = System.nanoTime();
        framework.core.stop();
        long millis = (System.nanoTime() - begin) / 1_000_000;
        assertTrue(millis < 4_000, () -> "the stop waited for drainTimeout: " + millis + " ms");
        assertReleased(assertThrows(RuntimeException.class, guest::nextRow));
        framework.core.start();
        Await.until(() -> framework.hasProbe(), () -> "no probe");
        assertEquals("one", guest.openStream(NOTES));
    }

    @Test
    void transaction_ofAStoppedBundle_isLeftToItsThread() throws Exception {
        var inside = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var transaction = Caller.start("holder", () -> {
            Runnable between = () -> {
                inside.countDown();
                await(goOn);
            };
            guest.transaction("INSERT INTO notes VALUES ('by the transaction')", between, "notes");
            return "committed";
        });
        await(inside);
        bundle.stop();
        goOn.countDown();
        assertEquals("committed", transaction.result());
        assertEquals("5", probe.ask("SELECT count(*) FROM notes"));
    }

    @Test
    void listener_ofAStoppedBundle_hearsNothingMore_whosesoeverClassItIs() throws Exception {
        var heard = new CopyOnWriteArrayList<String>();
        var toldAfterIt = new CopyOnWriteArrayList<String>();
        guest.listen(probe.listener(heard::add));
        framework
                .guest(framework.installAndStart(Jars.guest(folder, "second")))
                .listen(probe.listener(toldAfterIt::add)); // listeners are told in the order they came
        restartDriver(2, toldAfterIt);
        assertTrue(heard.contains("REBOUND"), () -> "heard " + heard);
        bundle.stop();
        heard.clear();
        restartDriver(3, toldAfterIt);
        assertEquals(List.of(), heard);
    }

    private void restartDriver(int generation, List<String> told) throws Exception {
        framework.driver.stop();
        framework.driver.start();
        probe.handle();
        assertEquals(generation, probe.status().generation());
        Await.until(() -> Collections.frequency(told, "REBOUND") == generation - 1, () -> "told " + told);
    }

    @Test
    void factory_ofAStoppedBundle_isTakenBack_whosesoeverClassItIs() throws Exception {
        guest.register("guest", probe.factory());
        assertTrue(probe.opens("guest"));
        bundle.stop();
        assertFalse(probe.opens("guest"));
    }

    @Test
    void factoryOfAnotherBundle_registeredByStatics_leavesWithItsRegistrar() throws Exception {
        guest.registerByStatics("guest", probe.factory());
        assertTrue(probe.opens("guest"));
        bundle.stop();
        assertFalse(probe.opens("guest"));
    }

    /** SQLite deletes the log beside its file when the last connection to it is closed. */
    @Test
    void uncachedDriver_ofAStoppedBundle_isClosed() throws Exception {
        Path file = folder.resolve("uncached.sqlite");
        Path log = folder.resolve("uncached.sqlite-wal");
        Object driver = guest.openUncached(file.toString());
        probe.exec(driver, "CREATE TABLE notes (text TEXT NOT NULL)");
        assertTrue(Files.exists(log), "the driver has no log");
        bundle.stop();
        assertThrows(RuntimeException.class, () -> probe.exec(driver, "INSERT INTO notes VALUES ('too late')"));
        Await.until(() -> Files.notExists(log), () -> "the driver is open still");
    }

    private void assertUpdateDrainsAtOnce() throws Exception {
        long begin = System.nanoTime();
        framework.update(framework.driver, framework.driverAs("9.2.0"));
        long millis = (System.nanoTime() - begin) / 1_000_000;
        assertEquals("1", probe.ask("SELECT 1"));
        assertTrue(millis < 4_000, () -> "the update waited for drainTimeout: " + millis + " ms");
        Await.until(() -> probe.events().contains("REBOUND"), () -> "events " + probe.events());
        assertFalse(probe.events().contains("FORCED"), () -> "events " + probe.events());
    }

    private static void assertReleased(Throwable failure) {
        assertEquals("DriverClosedException", failure.getClass().getSimpleName(), failure::toString);
        assertTrue(failure.getMessage().contains("bundle dev.bunary.orm.it.felix.first ["), failure::getMessage);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(15, TimeUnit.SECONDS), "waited 15 s");
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
    }
}
