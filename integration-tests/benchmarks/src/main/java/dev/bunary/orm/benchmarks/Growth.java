package dev.bunary.orm.benchmarks;

import dev.bunary.orm.Orm;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a row costs in results of growing size, as a list and as a stream. All sizes are read in turn, several times over,
 * and the median counts: a heap that grows for the largest would otherwise be taken for the price of its rows.
 */
final class Growth {
    private static final int[] SIZES = {1_000, 10_000, 100_000, 1_000_000};
    private static final int LARGEST = 1_000_000;
    private static final int ROUNDS = 5;

    private Growth() {}

    static void run(Path work, PrintStream out) throws Exception {
        Path file = work.resolve("growth.db");
        out.println(
                "Cost of a row by size of the result, as a ratio to the first line (CPU time of the thread, median of "
                        + ROUNDS + "):");
        out.println();
        out.println("| rows | as a list | as a stream |");
        out.println("|---|---|---|");
        try (Orm orm = Orm.create(BunaryOrm.config(file))) {
            orm.getDriver()
                    .exec("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL,"
                            + " age INTEGER NOT NULL, score REAL NOT NULL, created TEXT NOT NULL)");
            orm.getDriver()
                    .exec(
                            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) INSERT INTO users"
                                    + " SELECT i, 'Name of ' || i, 'user' || i || '@example.org', i % 90, i / 7.0,"
                                    + " '2026-11-23T10:15:30.000000000Z' FROM n",
                            LARGEST);
            round(orm, new double[SIZES.length][1], new double[SIZES.length][1], 0); // warm
            double[][] lists = new double[SIZES.length][ROUNDS];
            double[][] streams = new double[SIZES.length][ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                round(orm, lists, streams, round);
            }
            for (int i = 0; i < SIZES.length; i++) {
                out.printf(
                        Locale.ROOT,
                        "| %,d | %.2f | %.2f |%n",
                        SIZES[i],
                        median(lists[i]) / median(lists[0]),
                        median(streams[i]) / median(streams[0]));
            }
        }
        out.println();
    }

    private static void round(Orm orm, double[][] lists, double[][] streams, int round) {
        for (int i = 0; i < SIZES.length; i++) {
            lists[i][round] = list(orm, SIZES[i]);
            streams[i][round] = stream(orm, SIZES[i]);
        }
    }

    private static double median(double[] of) {
        return Arrays.stream(of).sorted().toArray()[of.length / 2];
    }

    /** Nanoseconds per row. */
    private static double list(Orm orm, int rows) {
        return perRow(
                rows,
                () -> Pair.sink =
                        orm.table("users").limit(rows).as(BunaryOrm.USERS).all());
    }

    private static double stream(Orm orm, int rows) {
        return perRow(rows, () -> {
            try (Stream<User> users = orm.table("users").limit(rows).as(BunaryOrm.USERS).stream()) {
                Pair.sink = users.mapToLong(User::age).sum();
            }
        });
    }

    private static double perRow(int rows, Runnable read) {
        var threads = ManagementFactory.getThreadMXBean();
        int times = Math.max(1, 300_000 / rows);
        long begin = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < times; i++) {
            read.run();
        }
        return (double) (threads.getCurrentThreadCpuTime() - begin) / times / rows;
    }
}
