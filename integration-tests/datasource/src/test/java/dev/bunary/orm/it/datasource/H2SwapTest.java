package dev.bunary.orm.it.datasource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.it.datasource.probe.Probe;
import dev.bunary.orm.it.framework.Await;
import dev.bunary.orm.it.framework.BundleJar;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * H2's own bundle under load: 8 threads, transactions of two inserts with 10 ms between them, 20 swaps 300 ms apart, the
 * database in another process. Nothing fails, every acknowledged write is in the table once, no session is left.
 */
@Timeout(150)
final class H2SwapTest {
    /** Run with one framework and one Java, as it takes long and little in it depends on them. */
    private static final String ONCE = "once";

    private static final int THREADS = 8;
    private static final int SWAPS = 20;
    private static final long BETWEEN_MILLIS = 300;

    @TempDir
    private Path folder;

    private H2Server server;
    private TestFramework framework;
    private Probe probe;
    private Probe.Status last;
    private String lastUser;
    private List<String> lastEvents;

    @BeforeEach
    void start() throws Exception {
        server = H2Server.start(folder);
        framework = TestFramework.start(
                folder,
                "connection.default.type=datasource",
                "connection.default.osgi.jdbc.driver.class=org.h2.Driver",
                "connection.default.url=" + server.url(),
                "connection.default.pool.minIdle=" + THREADS,
                "connection.default.user=" + H2Server.USER,
                "connection.default.password=" + H2Server.PASSWORD);
        probe = framework.probe();
        probe.exec("default", "CREATE TABLE ledger (worker INTEGER, seq BIGINT, part INTEGER)");
        for (String user : List.of("even", "odd")) {
            probe.exec("default", "CREATE USER " + user + " PASSWORD 'of_" + user + "' ADMIN");
        }
    }

    @AfterEach
    void stop() throws Exception {
        try {
            if (framework != null) {
                framework.close();
            }
        } finally {
            server.stop();
        }
    }

    /** One of the swaps. */
    @FunctionalInterface
    private interface Swap {
        void run(int number) throws Exception;
    }

    private Map<String, String> config(String user, String password, String... more) {
        var config = new TreeMap<>(Map.of(
                "osgi.jdbc.driver.class", "org.h2.Driver", "url", server.url(), "user", user, "password", password));
        config.put("pool.minIdle", "" + THREADS);
        for (int i = 0; i < more.length; i += 2) {
            config.put(more[i], more[i + 1]);
        }
        return config;
    }

    @Test
    void h2Bundle_updatedUnderLoad_losesNothing() throws Exception {
        List<Path> versions = versions(Jars.H2);
        swapUnderLoad("update of H2's bundle", number -> framework.update(framework.h2, versions.get(number)));
        assertEquals("9." + (SWAPS - 1) + ".0", last.version());
        assertEquals("com.h2database", last.factory());
    }

    @Test
    @Tag(ONCE)
    void driverBundle_updatedUnderLoad_losesNothing() throws Exception {
        List<Path> versions = versions(Jars.DRIVER);
        swapUnderLoad(
                "update of our driver's bundle", number -> framework.update(framework.driver, versions.get(number)));
    }

    /** The same jar under a version for each swap, made before the load begins. */
    private List<Path> versions(Path jar) throws IOException {
        var versions = new ArrayList<Path>();
        for (int i = 0; i < SWAPS; i++) {
            versions.add(BundleJar.restamped(jar, "9." + i + ".0", folder));
        }
        return versions;
    }

    @Test
    @Tag(ONCE)
    void credentialsAndPoolSize_changedUnderLoad_loseNothing() throws Exception {
        Map<String, String> even = config("even", "of_even", "pool.size", "8");
        Map<String, String> odd = config("odd", "of_odd", "pool.size", "12");
        swapUnderLoad(
                "configuration, side by side", number -> probe.configure("default", number % 2 == 0 ? even : odd));
        assertEquals("ODD", lastUser);
        assertFalse(lastEvents.contains("DRAINING default"), "callers had to wait");
    }

    @Test
    @Tag(ONCE)
    void credentialsAndPoolSize_changedUnderLoadWithExclusiveSwaps_loseNothing() throws Exception {
        Map<String, String> even = config("even", "of_even", "swap", "exclusive");
        Map<String, String> odd = config("odd", "of_odd", "swap", "exclusive");
        swapUnderLoad(
                "configuration, one after the other",
                number -> probe.configure("default", number % 2 == 0 ? even : odd));
        assertEquals("ODD", lastUser);
    }

    @Test
    @Tag(ONCE)
    void factoryService_replacedUnderLoad_losesNothing() throws Exception {
        var announced = new AutoCloseable[1];
        swapUnderLoad("another DataSourceFactory service, and its end", number -> {
            if (number % 2 == 0) {
                announced[0] = probe.announceFactory("org.h2.Driver", 100);
            } else {
                announced[0].close();
            }
        });
        assertEquals("com.h2database", last.factory());
    }

    @Test
    @Tag(ONCE)
    void rankingOfAFactoryService_changedUnderLoad_losesNothing() throws Exception {
        try (Probe.Announced other = probe.announceFactory("org.h2.Driver", -1)) {
            swapUnderLoad("ranking, side by side", number -> other.rank(number % 2 == 0 ? 1 : -1));
        }
        assertFalse(lastEvents.contains("DRAINING default"), "callers had to wait");
    }

    private void swapUnderLoad(String what, Swap swap) throws Exception {
        long before = probe.status("default").generation();
        Probe.RunningLoad load = probe.startLoad("default", "ledger", THREADS);
        load.awaitTransactions(THREADS);
        for (int i = 0; i < SWAPS; i++) {
            int number = i;
            load.swap(() -> {
                swap.run(number);
                awaitGeneration(before + number + 1); // where drivers overlap, it is opened after the change
            });
            Thread.sleep(BETWEEN_MILLIS); // the pace of the run, not a wait for anything
            load.awaitTransactions(THREADS);
        }
        Probe.Outcome outcome = load.stop();
        last = probe.status("default");
        lastUser = probe.ask("default", "SELECT CURRENT_USER");
        long generations = last.generation() - before;
        print(what, outcome, generations);
        assertEquals(0, outcome.failed(), () -> String.join("\n", outcome.failures()));
        assertEquals(0, outcome.lost(), "lost writes");
        assertEquals(0, outcome.doubled(), "doubled writes");
        assertEquals(0, outcome.foreign(), "writes that nobody acknowledged");
        assertTrue(outcome.transactions() > THREADS * SWAPS, () -> "only " + outcome.transactions() + " transactions");
        assertEquals(SWAPS, generations, "swaps that took place");
        lastEvents = probe.events();
        assertFalse(lastEvents.contains("FORCED default"), "work was ended by force");
        probe.closeDriver("default");
        assertEquals(0, server.sessions(), "sessions left at the server");
    }

    private void awaitGeneration(long generation) {
        Await.until(
                () -> probe.status("default").generation() >= generation,
                () -> probe.status("default").toString());
    }

    private static void print(String what, Probe.Outcome outcome, long generations) {
        List<Long> pauses = outcome.pauses().stream().sorted().toList();
        System.out.printf(
                "%s: %d swaps, %d transactions, %d failed, %d lost, %d doubled; longest transaction during a swap"
                        + " p50 %d ms, p99 %d ms, max %d ms, usually %d ms%n",
                what,
                generations,
                outcome.transactions(),
                outcome.failed(),
                outcome.lost(),
                outcome.doubled(),
                pauses.get(pauses.size() / 2) / 1000,
                pauses.get(pauses.size() * 99 / 100) / 1000,
                pauses.get(pauses.size() - 1) / 1000,
                outcome.usual() / 1000);
    }
}
