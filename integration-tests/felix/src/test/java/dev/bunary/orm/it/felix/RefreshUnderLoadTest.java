package dev.bunary.orm.it.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.it.felix.eager.EagerActivator;
import dev.bunary.orm.it.framework.Await;
import dev.bunary.orm.it.framework.BundleJar;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;

/**
 * Transactions that install, resolve and start bundles and load first classes, while sqlite-jdbc is replaced in the order
 * README gives. Each of these needs locks that the framework also takes for a refresh.
 */
@Timeout(60)
final class RefreshUnderLoadTest extends UnderLoad {
    private static final long DRAIN_MILLIS = 5_000;

    private final AtomicBoolean goOn = new AtomicBoolean(true);
    private final AtomicLong committed = new AtomicLong();
    private final AtomicLong number = new AtomicLong();
    private Path eager;

    @BeforeEach
    void prepare() throws Exception {
        framework.register(Runnable.class, () -> {});
        eager = Jars.eager(folder);
        probe.exec("CREATE TABLE notes (text TEXT NOT NULL)");
    }

    @Test
    void sqliteJdbc_replacedWhileHoldersStartBundlesAndLoadClasses_waitsForNone() throws Exception {
        startLoad();
        var holders = new ArrayList<Caller<String>>();
        for (int i = 0; i < 3; i++) {
            holders.add(Caller.start("holder-" + i, this::holdWhileBundlesStart));
        }
        for (Path jar : new Path[] {Jars.SQLITE_JDBC_PREVIOUS, Jars.SQLITE_JDBC, Jars.SQLITE_JDBC_PREVIOUS}) {
            awaitCommitted(5);
            long begin = System.nanoTime();
            framework.replaceSqlite(jar);
            long millis = (System.nanoTime() - begin) / 1_000_000;
            assertTrue(millis < DRAIN_MILLIS, () -> "a holder was waited for: " + millis + " ms");
        }
        awaitCommitted(5);
        goOn.set(false);
        for (Caller<String> holder : holders) {
            assertEquals("done", holder.result());
        }
        assertEquals(String.valueOf(2 * committed.get()), probe.ask("SELECT count(*) FROM notes"));
        assertNothingLost(); // which also says that nothing was ended by force
    }

    private String holdWhileBundlesStart() {
        while (goOn.get()) {
            probe.transaction(
                    "INSERT INTO notes VALUES ('first')", this::useAFreshBundle, "INSERT INTO notes VALUES ('second')");
            committed.incrementAndGet();
        }
        return "done";
    }

    /** Installs a bundle never seen before, loads a class of it, which resolves it, starts it and removes it. */
    private void useAFreshBundle() {
        try {
            long its = number.incrementAndGet();
            Path jar = BundleJar.restamped(
                    eager,
                    folder.resolve("eager-" + its + ".jar"),
                    headers -> headers.putValue(Constants.BUNDLE_SYMBOLICNAME, "eager-" + its));
            Bundle fresh = framework.install(jar);
            fresh.loadClass(EagerActivator.class.getName());
            fresh.start();
            fresh.uninstall();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    private void awaitCommitted(long more) {
        long goal = committed.get() + more;
        Await.until(() -> committed.get() >= goal, () -> "committed " + committed);
    }
}
