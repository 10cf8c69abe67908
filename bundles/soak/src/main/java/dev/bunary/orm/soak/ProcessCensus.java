package dev.bunary.orm.soak;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a process holds besides objects, and what drivers that are not let go of make more of: threads, JDBC drivers, native
 * libraries. Taken before a run, it tells afterwards how that has grown.
 */
public final class ProcessCensus {
    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final String LIBRARY = "sqlitejdbc";
    private static final long BETWEEN_LOOKS_MILLIS = 50;

    private final Set<Thread> threads = livingThreads();
    private final int jdbcDrivers = jdbcDrivers();
    private final int nativeLibraries = nativeLibraries();

    private ProcessCensus() {}

    /**
     * Counts.
     *
     * @return what there is now
     */
    public static ProcessCensus take() {
        return new ProcessCensus();
    }

    /**
     * Counts again. What has grown gets time to go: threads end, and garbage is collected, with which native libraries go.
     *
     * @param limit how long to wait at most
     * @return what there was then and is now
     * @throws InterruptedException if interrupted while waiting
     */
    public ProcessGrowth growth(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        ProcessGrowth growth = growth();
        while (!growth.broken().isEmpty() && deadline - System.nanoTime() > 0) {
            System.gc();
            Thread.sleep(BETWEEN_LOOKS_MILLIS); // nothing tells when a library is unmapped
            growth = growth();
        }
        return growth;
    }

    private ProcessGrowth growth() {
        Set<Thread> added = livingThreads();
        added.removeAll(threads);
        return new ProcessGrowth(
                threads.size(),
                added.stream().map(Thread::getName).sorted().toList(),
                jdbcDrivers,
                jdbcDrivers(),
                nativeLibraries,
                nativeLibraries());
    }

    /**
     * The drivers that are registered with {@link DriverManager}. Its own methods pass over those of other class loaders,
     * and these are what a swap might leave; but it notes in its log each one that it skips.
     */
    private static int jdbcDrivers() {
        PrintWriter before = DriverManager.getLogWriter();
        var log = new StringWriter();
        DriverManager.setLogWriter(new PrintWriter(log, true));
        try {
            int visible = Collections.list(DriverManager.getDrivers()).size();
            return visible
                    + (int) log.toString()
                            .lines()
                            .filter(line -> line.contains("skipping: "))
                            .count();
        } finally {
            DriverManager.setLogWriter(before);
        }
    }

    /** The copies of sqlite-jdbc's native library that are mapped, which Linux tells; 0 elsewhere. */
    private static int nativeLibraries() {
        if (!Files.isReadable(MAPS)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(MAPS)) {
            // a library is mapped in several parts; its file has a name of its own and is deleted by then
            return (int) lines.filter(line -> line.contains(LIBRARY))
                    .map(line -> line.substring(line.indexOf('/')))
                    .distinct()
                    .count();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Set<Thread> livingThreads() {
        return new HashSet<>(Thread.getAllStackTraces().keySet());
    }
}
