package dev.bunary.orm.driver.sqlite;

import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.RowReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.sqlite.jdbc4.JDBC4Connection;

/**
 * Compares the driver with hand-written JDBC that reuses its statement, in alternation, by CPU time of this thread. Not
 * a test: prints ratios (below 1: the driver is faster), which are noisy on a busy machine.
 */
final class Comparison {
    private static final int ROUNDS = 41;
    private static final int USERS = 10_000;
    private static final String BY_KEY = "SELECT * FROM `users` WHERE `id` = ?";
    private static final String HUNDRED = "SELECT * FROM `users` WHERE `age` > ? ORDER BY `id` LIMIT 100";
    private static final String UPDATE = "UPDATE `users` SET `age` = ? WHERE `id` = ?";

    private static final RowReader<User> READER = columns -> {
        int id = columns.index("id");
        int name = columns.index("name");
        int email = columns.index("email");
        int age = columns.index("age");
        int score = columns.index("score");
        int created = columns.index("created");
        return row -> new User(
                row.getLong(id),
                row.getString(name),
                row.getString(email),
                row.getInt(age),
                row.getDouble(score),
                row.getString(created));
    };

    record User(long id, String name, String email, int age, double score, String created) {}

    @FunctionalInterface
    private interface Work {
        Object run(int i) throws SQLException;
    }

    private Comparison() {}

    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory("comparison");
        Path file = folder.resolve("t.db");
        try (DatabaseDriver driver = TestDrivers.open(file);
                var jdbc = new JDBC4Connection("jdbc:sqlite:" + file, file.toString(), new Properties())) {
            fill(driver);
            try (PreparedStatement byKey = jdbc.prepareStatement(BY_KEY);
                    PreparedStatement hundred = jdbc.prepareStatement(HUNDRED);
                    PreparedStatement update = jdbc.prepareStatement(UPDATE);
                    var pragma = jdbc.createStatement()) {
                pragma.execute("PRAGMA synchronous = normal");
                Work mineByKey = i -> driver.query(BY_KEY, (long) i).get(READER).orElseThrow();
                Work mineRow = i -> driver.query(BY_KEY, (long) i).get().orElseThrow();
                Work theirsByKey = i -> {
                    byKey.setLong(1, i);
                    try (ResultSet result = byKey.executeQuery()) {
                        return result.next() ? user(result) : null;
                    }
                };
                Work mineHundred = i -> driver.query(HUNDRED, i % 50).all(READER);
                Work theirsHundred = i -> {
                    hundred.setInt(1, i % 50);
                    List<User> users = new ArrayList<>();
                    try (ResultSet result = hundred.executeQuery()) {
                        while (result.next()) {
                            users.add(user(result));
                        }
                    }
                    return users;
                };
                Work mineUpdate = i -> driver.exec(UPDATE, i % 90, (long) i);
                Work theirsUpdate = i -> {
                    update.setInt(1, i % 90);
                    update.setLong(2, i);
                    return (long) update.executeUpdate();
                };
                compare("A/A control", theirsByKey, theirsByKey, 20_000);
                compare("find by key, reader", mineByKey, theirsByKey, 20_000);
                compare("find by key, Row", mineRow, theirsByKey, 20_000);
                compare("100 rows, reader", mineHundred, theirsHundred, 500);
                compare("update by key", mineUpdate, theirsUpdate, 1_000);
                allocation("find by key", mineByKey, theirsByKey, 20_000);
                allocation("100 rows", mineHundred, theirsHundred, 500);
            }
        }
        try (var files = Files.list(folder)) {
            for (Path left : files.toList()) {
                Files.delete(left);
            }
        }
        Files.delete(folder);
    }

    private static User user(ResultSet result) throws SQLException {
        return new User(
                result.getLong(1),
                result.getString(2),
                result.getString(3),
                result.getInt(4),
                result.getDouble(5),
                result.getString(6));
    }

    private static void fill(DatabaseDriver driver) {
        driver.exec(
                "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT, age INTEGER, score REAL, created TEXT)");
        List<Object[]> rows = new ArrayList<>();
        for (int i = 1; i <= USERS; i++) {
            rows.add(new Object[] {
                (long) i, "Name of " + i, "user" + i + "@example.org", i % 90, i / 7.0, "2026-11-23T10:15:30.000000000Z"
            });
        }
        driver.transaction(tx -> tx.execBatch("INSERT INTO users VALUES (?, ?, ?, ?, ?, ?)", rows));
    }

    private static void compare(String name, Work mine, Work theirs, int times) throws SQLException {
        for (int i = 1; i <= 20; i++) {
            if (!mine.run(i).equals(theirs.run(i)) && !name.contains("Row")) {
                throw new IllegalStateException(name + ": the results differ");
            }
        }
        double[] ratios = new double[ROUNDS];
        for (int round = -10; round < ROUNDS; round++) {
            boolean first = (round & 1) == 0;
            long a = cpu(first ? mine : theirs, times);
            long b = cpu(first ? theirs : mine, times);
            if (round >= 0) {
                ratios[round] = first ? (double) a / b : (double) b / a;
            }
        }
        Arrays.sort(ratios);
        System.out.printf(
                "%-22s %.2f  (quartiles %.2f - %.2f)%n",
                name, ratios[ROUNDS / 2], ratios[ROUNDS / 4], ratios[3 * ROUNDS / 4]);
    }

    private static long cpu(Work work, int times) throws SQLException {
        var threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < times; i++) {
            work.run(1 + i * 7 % USERS);
        }
        return threads.getCurrentThreadCpuTime() - before;
    }

    private static void allocation(String name, Work mine, Work theirs, int times) throws SQLException {
        System.out.printf(
                "%-22s bytes per call: driver %d, hand-written %d%n", name, bytes(mine, times), bytes(theirs, times));
    }

    private static long bytes(Work work, int times) throws SQLException {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        cpu(work, times);
        return (threads.getCurrentThreadAllocatedBytes() - before) / times;
    }
}
