package dev.bunary.orm.soak;

import dev.bunary.orm.Orm;
import dev.bunary.orm.driver.DatabaseDriver;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** The tables {@code users} and {@code posts}, and the one the load writes into. Their content follows from the number of a row. */
final class SampleData {
    static final String WRITES = "writes";

    private static final int BATCH = 1_000;
    private static final Instant FIRST_DAY = Instant.parse("2026-01-01T08:00:00Z");
    private static final List<String> NAMES =
            List.of("Ada", "Barbara", "Edsger", "Frances", "Grace", "John", "Karen", "Margaret", "Niklaus", "Tony");

    private final Orm orm;
    private final int users;
    private final int posts;

    SampleData(Orm orm, int users, int posts) {
        this.orm = orm;
        this.users = users;
        this.posts = posts;
    }

    /** Creates and fills the tables, and says how far it is. */
    void create(Consumer<String> progress) {
        createTables();
        fill("users", users, SampleData::user, progress);
        fill("posts", posts, this::post, progress);
    }

    /** How many posts each user has at least; none has more than one above. */
    int postsPerUser() {
        return posts / users;
    }

    static String email(long id) {
        return "user" + id + "@example.com";
    }

    private void createTables() {
        var driver = orm.getDriver();
        driver.exec("""
                CREATE TABLE users (
                  id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE,
                  age INTEGER NOT NULL, active INTEGER NOT NULL, created_at TEXT NOT NULL)""");
        driver.exec("""
                CREATE TABLE posts (
                  id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id),
                  title TEXT NOT NULL, body TEXT NOT NULL, created_at TEXT NOT NULL)""");
        driver.exec("CREATE INDEX posts_user ON posts (user_id)");
        createWrites(driver);
    }

    /** Creates the table that the load writes into. */
    static void createWrites(DatabaseDriver driver) {
        // no unique key: a write that was done twice must be seen as two rows, not as an error
        driver.exec(
                "CREATE TABLE " + WRITES + " (worker INTEGER NOT NULL, seq INTEGER NOT NULL, part INTEGER NOT NULL)");
    }

    private void fill(String table, int rows, IntFunction<Map<String, ?>> row, Consumer<String> progress) {
        for (int done = 0; done < rows; ) {
            var batch = new ArrayList<Map<String, ?>>(BATCH);
            while (batch.size() < BATCH && done < rows) {
                batch.add(row.apply(++done));
            }
            orm.transaction(() -> {
                orm.table(table).insertAll(batch);
            });
            if (done % (10 * BATCH) == 0 || done == rows) {
                progress.accept("  %s: %,d of %,d rows".formatted(table, done, rows));
            }
        }
    }

    private static Map<String, ?> user(int id) {
        var row = new LinkedHashMap<String, Object>();
        row.put("id", id);
        row.put("name", NAMES.get(id % NAMES.size()) + " " + id);
        row.put("email", email(id));
        row.put("age", 18 + id % 63);
        row.put("active", id % 5 != 0);
        row.put("created_at", FIRST_DAY.plus(id, ChronoUnit.MINUTES));
        return row;
    }

    private Map<String, ?> post(int id) {
        var row = new LinkedHashMap<String, Object>();
        row.put("id", id);
        row.put("user_id", 1 + (id - 1) % users);
        row.put("title", "Post " + id);
        row.put("body", ("This is said in post " + id + ". ").repeat(5));
        row.put("created_at", FIRST_DAY.plus(id, ChronoUnit.SECONDS));
        return row;
    }
}
