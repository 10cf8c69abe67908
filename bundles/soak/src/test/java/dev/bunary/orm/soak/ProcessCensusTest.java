package dev.bunary.orm.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** With a second copy of sqlite-jdbc, loaded as a swap would load it. */
final class ProcessCensusTest {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void growth_nothingWasAdded_breaksNothing() throws Exception {
        ProcessGrowth growth = ProcessCensus.take().growth(SHORT);

        assertEquals(List.of(), growth.broken());
        assertEquals(List.of(), growth.threadsAdded());
    }

    @Test
    void growth_aDriverOfAnotherClassLoaderStaysRegistered_isBroken() throws Exception {
        var census = ProcessCensus.take();
        try (var loader = copyOfSqlite()) {
            Class.forName("org.sqlite.JDBC", true, loader);
        }

        ProcessGrowth growth = census.growth(SHORT);

        assertEquals(growth.jdbcDriversBefore() + 1, growth.jdbcDriversAfter());
        assertTrue(growth.broken().toString().contains("drivers are left in DriverManager"), growth::toString);
    }

    @Test
    void growth_aLibraryInUse_isBrokenUntilItsLoaderIsGone() throws Exception {
        assumeTrue(Files.isReadable(Path.of("/proc/self/maps")), "only Linux tells what is mapped");
        var census = ProcessCensus.take();

        assertGrownWhileOpen(census);

        ProcessGrowth growth = census.growth(LONG);
        assertEquals(growth.nativeLibrariesBefore(), growth.nativeLibrariesAfter());
    }

    /** In a method of its own, as the frame of a running method may still refer to what was closed. */
    private static void assertGrownWhileOpen(ProcessCensus census) throws Exception {
        try (var loader = copyOfSqlite();
                Connection open = open(loader)) {
            ProcessGrowth growth = census.growth(SHORT);

            assertEquals(growth.nativeLibrariesBefore() + 1, growth.nativeLibrariesAfter());
            assertTrue(growth.broken().toString().contains("native libraries are left"), growth::toString);
            assertTrue(open.isValid(1));
        }
    }

    @Test
    void growth_moreThreadsThanTheJdkStarts_isBrokenAndNamesThem() throws Exception {
        var census = ProcessCensus.take();
        var end = new CountDownLatch(1);
        List<Thread> left = Stream.generate(() -> new Thread(() -> await(end), "left"))
                .limit(5)
                .toList();
        left.forEach(Thread::start);

        ProcessGrowth growth = census.growth(SHORT);
        end.countDown();

        assertTrue(growth.broken().toString().contains("left, left, left, left, left"), growth::toString);
    }

    private static URLClassLoader copyOfSqlite() {
        URL jar = org.sqlite.JDBC.class.getProtectionDomain().getCodeSource().getLocation();
        return new URLClassLoader(new URL[] {jar}, ClassLoader.getPlatformClassLoader());
    }

    /** As the SQLite driver does, so that DriverManager does not hold the loader. */
    private static Connection open(ClassLoader loader) throws Exception {
        return (Connection) Class.forName("org.sqlite.jdbc4.JDBC4Connection", true, loader)
                .getConstructor(String.class, String.class, Properties.class)
                .newInstance("jdbc:sqlite::memory:", ":memory:", new Properties());
    }

    private static void await(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
