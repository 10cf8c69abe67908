package dev.bunary.orm.benchmarks;

import dev.bunary.orm.Orm;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;

/** Operations per second by number of threads: nine finds by key, then an update of one row in a short transaction. */
final class Throughput {
    private static final long NANOS = 1_500_000_000L;
    private static final int[] THREADS = {1, 2, 4, 8};
    private static final int VIRTUAL = 1_000;

    private Throughput() {}

    static void run(Path work, PrintStream out) throws Exception {
        Path file = work.resolve("throughput.db");
        Files.copy(work.resolve("source.db"), file);
        out.println("Throughput in operations per second (nine finds by key, one update by key), wall time:");
        out.println();
        out.println("| threads | operations/s | of which updates/s |");
        out.println("|---|---|---|");
        try (Orm orm = Orm.create(BunaryOrm.config(file))) {
            measure(orm, 2, Executors.newFixedThreadPool(2)); // warm
            for (int threads : THREADS) {
                row(out, Integer.toString(threads), measure(orm, threads, Executors.newFixedThreadPool(threads)));
            }
            if (Runtime.version().feature() >= 21) {
                virtual(orm, out);
            }
        }
        out.println();
    }

    private static void virtual(Orm orm, PrintStream out) throws Exception {
        long operations;
        Path events = Files.createTempFile("pinned", ".jfr");
        try (var recording = new Recording()) {
            recording.enable("jdk.VirtualThreadPinned").withThreshold(Duration.ofMillis(1));
            recording.start();
            // by reflection, as this is compiled for Java 17
            ExecutorService executor = (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
            operations = measure(orm, VIRTUAL, executor);
            recording.stop();
            recording.dump(events);
        }
        int pinned = RecordingFile.readAllEvents(events).size();
        Files.delete(events);
        row(out, "1,000 virtual", operations);
        out.println();
        out.println("Virtual threads that were pinned for a millisecond or longer: " + pinned
                + " times (a thread in SQLite's native code always is, and gives its carrier back after it).");
    }

    private static void row(PrintStream out, String threads, long operations) {
        double seconds = NANOS / 1e9;
        out.printf(Locale.ROOT, "| %s | %,.0f | %,.0f |%n", threads, operations / seconds, operations / seconds / 10);
    }

    private static long measure(Orm orm, int threads, ExecutorService executor) throws InterruptedException {
        var done = new LongAdder();
        var failure = new AtomicReference<Throwable>();
        var ended = new CountDownLatch(threads);
        long end = System.nanoTime() + NANOS;
        for (int t = 0; t < threads; t++) {
            int first = t * 31;
            executor.execute(() -> {
                try {
                    for (int i = first; System.nanoTime() < end; i++) {
                        operation(orm, i);
                        done.increment();
                    }
                } catch (Throwable failed) {
                    failure.compareAndSet(null, failed);
                } finally {
                    ended.countDown();
                }
            });
        }
        ended.await();
        executor.shutdown();
        if (failure.get() != null) {
            throw new IllegalStateException("an operation failed, so the throughput says nothing", failure.get());
        }
        return done.sum();
    }

    private static void operation(Orm orm, int i) {
        long key = 1 + i * 7L % Database.USERS;
        if (i % 10 == 0) {
            orm.table("users").where("id", key).update(Map.of("age", i % 90));
        } else {
            orm.table("users").as(BunaryOrm.USERS).find(key).orElseThrow();
        }
    }
}
