package dev.bunary.orm.it.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.bunary.orm.it.felix.probe.Guest;
import dev.bunary.orm.it.felix.probe.Probe;
import dev.bunary.orm.it.framework.Await;
import dev.bunary.orm.soak.ProcessCensus;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

/** After a swap nothing holds the old classes: no thread, cache, statement, listener, and not {@code DriverManager}. */
@Timeout(60)
final class CollectionTest {
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
        useEverything();
    }

    @AfterEach
    void stop() throws Exception {
        framework.close();
    }

    @Test
    void driverBundle_updatedAndRefreshed_leavesNoClassLoader() throws Exception {
        WeakReference<ClassLoader> old = classLoader(framework.driver);
        framework.update(framework.driver, framework.driverAs("9.8.0"));
        useEverything();
        assertEquals("9.8.0", probe.status().version());
        assertCollected(old, "the driver bundle's old class loader");
    }

    @Test
    void sqliteJdbcBundle_replaced_leavesNoClassLoader() throws Exception {
        // DriverManager keeps every driver that registers with it, so a collected loader also tells that none did
        WeakReference<ClassLoader> old = classLoader(framework.sqlite);
        framework.replaceSqlite(Jars.SQLITE_JDBC_PREVIOUS);
        useEverything();
        assertCollected(old, "the old class loader of sqlite-jdbc");
    }

    @Test
    void consumerBundle_uninstalledWithAllItHadLeftOpen_leavesNoClassLoader() throws Exception {
        Bundle bundle = framework.installAndStart(Jars.guest(folder, "first"));
        WeakReference<ClassLoader> old = classLoader(bundle);
        leaveAllOpen(framework.guest(bundle));
        bundle.uninstall();
        framework.refresh(List.of(bundle));
        assertCollected(old, "the class loader of a consumer");
        assertEquals(0, probe.status().leases());
    }

    private static void leaveAllOpen(Guest guest) {
        assertEquals("one", guest.openStream("SELECT text FROM notes"));
        assertEquals("one", guest.openTable("notes"));
        guest.listenAndRegister();
    }

    /** Both the driver and, every tenth time, sqlite-jdbc itself; the threads are compared after a first few have settled. */
    @Test
    @Timeout(180)
    void hundredUpdates_leaveNoClassLoaderThreadDriverOrTempFile() throws Exception {
        var old = new ArrayList<WeakReference<ClassLoader>>();
        var census = ProcessCensus.take();
        update(10, old);
        int threads = Thread.activeCount();
        update(100, old);
        for (WeakReference<ClassLoader> loader : old) {
            assertCollected(loader, "an old class loader");
        }
        Await.until(() -> Thread.activeCount() <= threads, () -> Thread.activeCount() + " threads, were " + threads);
        assertEquals(List.of(), census.growth(Duration.ofSeconds(15)).broken());
        assertEquals(List.of(), TestFramework.unpackedFiles());
        assertEquals("ok", probe.ask("PRAGMA integrity_check"));
    }

    private void update(int times, List<WeakReference<ClassLoader>> old) throws Exception {
        for (int i = 0; i < times; i++) {
            old.add(classLoader(framework.driver));
            if (i % 10 == 9) {
                old.add(classLoader(framework.sqlite));
                framework.replaceSqlite(i % 20 == 9 ? Jars.SQLITE_JDBC_PREVIOUS : Jars.SQLITE_JDBC);
            } else {
                framework.update(framework.driver, framework.driverAs("9.9." + old.size()));
            }
            useEverything();
        }
    }

    private void useEverything() {
        probe.exec("CREATE TABLE IF NOT EXISTS notes (text TEXT NOT NULL)");
        probe.transaction("INSERT INTO notes VALUES ('one')", () -> {}, "INSERT INTO notes VALUES ('two')");
        assertEquals(500_500, probe.stream(() -> probe.ask("SELECT count(*) FROM notes")));
    }

    private static WeakReference<ClassLoader> classLoader(Bundle bundle) {
        ClassLoader loader = bundle.adapt(BundleWiring.class).getClassLoader();
        assertNotNull(loader);
        return new WeakReference<>(loader);
    }

    private static void assertCollected(WeakReference<ClassLoader> reference, String what) {
        Await.until(
                () -> {
                    System.gc();
                    return reference.refersTo(null);
                },
                () -> what + " is still reachable");
    }
}
