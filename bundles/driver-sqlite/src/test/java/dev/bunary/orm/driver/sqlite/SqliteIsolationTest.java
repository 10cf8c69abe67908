package dev.bunary.orm.driver.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverFactory;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The driver in a class loader of its own, as a framework would load it: what it leaves behind. */
@Timeout(60)
final class SqliteIsolationTest {
    @TempDir
    Path folder;

    /** Loads the driver and sqlite-jdbc anew, but shares the driver API with the test. */
    private static final class Island extends URLClassLoader {
        Island() {
            super(
                    Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                            .map(Island::url)
                            .toArray(URL[]::new),
                    SqliteIsolationTest.class.getClassLoader());
        }

        private static URL url(String entry) {
            try {
                return Path.of(entry).toUri().toURL();
            } catch (MalformedURLException impossible) {
                throw new IllegalArgumentException(impossible);
            }
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            boolean own = name.startsWith("dev.bunary.orm.driver.sqlite.")
                    || name.startsWith("dev.bunary.orm.jdbc.")
                    || name.startsWith("org.sqlite.");
            if (!own) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }

        boolean hasLoaded(String name) {
            return findLoadedClass(name) != null;
        }
    }

    private void use(Island island) throws ReflectiveOperationException {
        Class<?> type = island.loadClass(SqliteDriverFactory.class.getName());
        assertNotSame(SqliteDriverFactory.class, type);
        DriverFactory factory = (DriverFactory) type.getConstructor().newInstance();
        DatabaseConfig config = DatabaseConfig.of(
                "sqlite", Map.of("path", folder.resolve("t.db").toString()));
        try (DatabaseDriver driver = factory.create(config)) {
            driver.exec("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, v TEXT)");
            driver.transaction(tx -> tx.exec("INSERT INTO t (v) VALUES (?)", "a"));
            assertTrue(driver.query("SELECT v FROM t").all().size() > 0);
            try (Stream<String> values = driver.query("SELECT v FROM t").stream(columns -> row -> row.getString(0))) {
                assertEquals("a", values.findFirst().orElseThrow());
            }
        }
    }

    private static Set<String> temporaryFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            var names = new TreeSet<String>();
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.contains("sqlite"))
                    .filter(name -> !name.endsWith(".jar"))
                    .forEach(names::add);
            return names;
        }
    }

    @Test
    void use_inItsOwnLoader_touchesNeitherDriverManagerNorTheTemporaryFolder() throws Exception {
        Set<String> before = temporaryFiles();
        String setting = System.getProperty("org.sqlite.tmpdir");
        List<java.sql.Driver> drivers = DriverManager.drivers().toList();
        try (var island = new Island()) {
            use(island);
            assertTrue(island.hasLoaded("org.sqlite.jdbc4.JDBC4Connection"));
            assertFalse(island.hasLoaded("org.sqlite.JDBC"), "org.sqlite.JDBC registers itself in DriverManager");
        }
        assertEquals(drivers, DriverManager.drivers().toList());
        assertEquals(before, temporaryFiles());
        assertEquals(setting, System.getProperty("org.sqlite.tmpdir"));
    }

    @Test
    void use_userNamesTheFolder_isUsedAndLeftAlone() throws Exception {
        Path own = Files.createDirectory(folder.resolve("own"));
        String setting = System.getProperty("org.sqlite.tmpdir");
        System.setProperty("org.sqlite.tmpdir", own.toString());
        try (var island = new Island()) {
            use(island);
            assertEquals(own.toString(), System.getProperty("org.sqlite.tmpdir"));
            try (Stream<Path> files = Files.list(own)) {
                assertTrue(files.count() > 0);
            }
        } finally {
            if (setting == null) {
                System.clearProperty("org.sqlite.tmpdir");
            } else {
                System.setProperty("org.sqlite.tmpdir", setting);
            }
        }
    }

    @Test
    void loader_afterUse_isCollected() throws Exception {
        var gone = new java.lang.ref.WeakReference<ClassLoader>(usedAndClosed());
        long deadline = System.nanoTime() + java.util.concurrent.TimeUnit.SECONDS.toNanos(20);
        while (gone.get() != null && System.nanoTime() < deadline) {
            System.gc();
            Thread.onSpinWait();
        }
        assertEquals(null, gone.get(), "the driver's class loader is still reachable");
    }

    private ClassLoader usedAndClosed() throws Exception {
        var island = new Island();
        use(island);
        island.close();
        return island;
    }
}
