package dev.bunary.orm.driver.sqlite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.BadSqlException;
import dev.bunary.orm.driver.CheckViolationException;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.ForeignKeyViolationException;
import dev.bunary.orm.driver.InvalidQueryException;
import dev.bunary.orm.driver.NotNullViolationException;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.driver.Row;
import dev.bunary.orm.driver.UniqueViolationException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteStatementTest {
    @TempDir
    Path folder;

    private DatabaseDriver driver;

    @BeforeEach
    void open() {
        driver = TestDrivers.open(folder.resolve("t.db"));
        driver.exec("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT UNIQUE, "
                + "age INTEGER CHECK (age >= 0))");
        driver.exec("CREATE TABLE posts (id INTEGER PRIMARY KEY, user INTEGER REFERENCES users)");
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private long count() {
        return driver.query("SELECT count(*) FROM users").get().orElseThrow().getLong(0);
    }

    @Test
    void exec_eachKind_givesTheAffectedRows() {
        assertEquals(2, driver.exec("INSERT INTO users (name) VALUES (?), (?)", "a", "b"));
        assertEquals(0, driver.exec("CREATE TABLE other (id INTEGER)"));
        assertEquals(2, driver.exec("UPDATE users SET age = 3"));
        assertEquals(0, driver.exec("UPDATE users SET age = 4 WHERE name = 'c'"));
        assertEquals(0, driver.exec("SELECT 1"));
        assertEquals(1, driver.exec("INSERT INTO users (name) VALUES ('r') RETURNING id"));
        assertEquals(3, driver.exec("WITH w AS (SELECT 1) DELETE FROM users"));
        assertEquals(0, driver.exec("DROP TABLE other"));
    }

    @Test
    void execBatch_rows_givesTheCountOfEach() {
        var rows = new ArrayList<Object[]>();
        for (int i = 0; i < 1_201; i++) {
            rows.add(new Object[] {"n" + i, i});
        }
        long[] counts = driver.transaction(tx -> tx.execBatch("INSERT INTO users (name, age) VALUES (?, ?)", rows));
        assertEquals(1_201, counts.length);
        assertTrue(java.util.Arrays.stream(counts).allMatch(count -> count == 1));
        assertEquals(1_201, count());
        assertArrayEquals(new long[0], driver.execBatch("INSERT INTO users (name) VALUES (?)", List.of()));
    }

    @Test
    void execBatch_oneRowRefused_isTypedAndChecksCountsFirst() {
        List<Object[]> clash = List.of(new Object[] {"a", "x"}, new Object[] {"b", "x"});
        assertThrows(
                UniqueViolationException.class,
                () -> driver.transaction(tx -> tx.execBatch("INSERT INTO users (name, email) VALUES (?, ?)", clash)));
        assertEquals(0, count());
        List<Object[]> shortRow = List.of(new Object[] {"a", "x"}, new Object[] {"b"});
        assertThrows(
                BadSqlException.class,
                () -> driver.execBatch("INSERT INTO users (name, email) VALUES (?, ?)", shortRow));
        assertEquals(0, count());
    }

    @Test
    void insert_keys_givesThemBack() {
        Row row = driver.insert("INSERT INTO users (name) VALUES (?)", List.of("id", "name"), "a")
                .get()
                .orElseThrow();
        assertEquals(1, row.getLong("id"));
        assertEquals("a", row.getString("name"));
        assertEquals(1, count());
    }

    @Test
    void query_unread_runsNothing() {
        var insert = driver.query("INSERT INTO users (name) VALUES ('a') RETURNING id");
        assertEquals(0, count());
        assertEquals(1, insert.all().get(0).getLong(0));
        assertEquals(2, insert.all().get(0).getLong(0));
    }

    @Test
    void query_parametersChangedAfterwards_runsWithTheOldOnes() {
        Object[] params = {"a"};
        var query = driver.query("SELECT ?", params);
        params[0] = "b";
        assertEquals("a", query.get().orElseThrow().getString(0));
    }

    @Test
    void constraints_broken_areTypedWithTheExtendedCode() {
        driver.exec("INSERT INTO users (id, name, email) VALUES (1, 'a', 'x')");
        var unique = assertThrows(
                UniqueViolationException.class,
                () -> driver.exec("INSERT INTO users (name, email) VALUES (?, ?)", "b", "x"));
        assertEquals(2067, unique.vendorCode());
        assertEquals(
                "UNIQUE constraint failed: users.email [sql: INSERT INTO users (name, email) VALUES (?, ?)]",
                unique.getMessage());
        assertThrows(UniqueViolationException.class, () -> driver.exec("INSERT INTO users (id, name) VALUES (1, 'b')"));
        assertThrows(NotNullViolationException.class, () -> driver.exec("INSERT INTO users (name) VALUES (NULL)"));
        assertThrows(
                CheckViolationException.class, () -> driver.exec("INSERT INTO users (name, age) VALUES ('b', -1)"));
        assertThrows(ForeignKeyViolationException.class, () -> driver.exec("INSERT INTO posts (user) VALUES (9)"));
        assertEquals(1, count());
    }

    /** Of several tables only SQLite knows which one lacks the column. */
    @Test
    void badSql_misspeltColumn_isToldInSqlitesWords() {
        var joined = "SELECT users.name, posts.titel FROM users JOIN posts ON posts.user = users.id";
        var read =
                assertThrows(BadSqlException.class, () -> driver.query(joined).all());
        assertEquals("no such column: posts.titel [sql: " + joined + "]", read.getMessage());
        var written = "INSERT INTO posts (emial) VALUES (1)";
        var insert = assertThrows(BadSqlException.class, () -> driver.exec(written));
        assertEquals("table posts has no column named emial [sql: " + written + "]", insert.getMessage());
    }

    @Test
    void badSql_eachKind_isTypedAndChangesNothing() {
        driver.exec("INSERT INTO users (name) VALUES ('a')");
        assertThrows(BadSqlException.class, () -> driver.exec("DELETE FROM `users` WHERE `emial` <> ?", "x"));
        assertThrows(
                BadSqlException.class,
                () -> driver.query("SELECT * FROM nowhere").all());
        assertThrows(BadSqlException.class, () -> driver.query("SELEC 1").all());
        assertThrows(BadSqlException.class, () -> driver.query("SELECT ?").all());
        var count =
                assertThrows(BadSqlException.class, () -> driver.exec("DELETE FROM users WHERE id = ?", 1, "secret"));
        assertTrue(count.getMessage().startsWith("the statement has 1 parameters and was given 2"), count.getMessage());
        for (String sql : List.of(
                "",
                "  -- nothing",
                "BEGIN",
                "commit",
                "SAVEPOINT a",
                "ROLLBACK",
                "DELETE FROM users; DELETE FROM users")) {
            OrmException refused = assertThrows(InvalidQueryException.class, () -> driver.exec(sql), sql);
            assertTrue(refused.getMessage().length() > 10);
        }
        assertThrows(
                InvalidQueryException.class,
                () -> driver.query("UPDATE users SET age = 1").all());
        assertEquals(1, count());
    }

    @Test
    void deferredForeignKey_brokenByAStatementThatGivesRows_isTypedAndUndone() {
        driver.exec(
                "CREATE TABLE late (id INTEGER PRIMARY KEY, user INTEGER REFERENCES users DEFERRABLE INITIALLY DEFERRED)");
        String insert = "INSERT INTO late (user) VALUES (9) RETURNING id";
        assertThrows(
                ForeignKeyViolationException.class, () -> driver.query(insert).get());
        assertThrows(
                ForeignKeyViolationException.class, () -> driver.query(insert).all());
        assertThrows(ForeignKeyViolationException.class, () -> driver.exec(insert));
        assertThrows(ForeignKeyViolationException.class, () -> driver.transaction(tx -> tx.exec(insert)));
        assertEquals(0, driver.query("SELECT * FROM late").all().size());
        assertEquals(1, driver.exec("INSERT INTO users (name) VALUES ('a')"));
    }

    @Test
    void statement_afterAnError_worksAgain() {
        for (int i = 0; i < 3; i++) {
            assertThrows(
                    NotNullViolationException.class,
                    () -> driver.exec("INSERT INTO users (name) VALUES (?)", (Object) null));
            assertEquals(1, driver.exec("INSERT INTO users (name) VALUES (?)", "a"));
        }
    }

    @Test
    void exec_triggerAndQuotedSemicolon_areOneStatement() {
        driver.exec(
                "CREATE TRIGGER t AFTER INSERT ON posts BEGIN UPDATE users SET age = 1; UPDATE users SET age = 2; END;");
        driver.exec("INSERT INTO users (name) VALUES ('a;b'); -- the end");
        assertEquals(
                "a;b",
                driver.query("SELECT name FROM users").get().orElseThrow().getString(0));
    }

    @Test
    void selectStar_afterAlterTable_hasTheNewColumns() {
        driver.exec("INSERT INTO users (name) VALUES ('a')");
        assertEquals(
                4,
                driver.query("SELECT * FROM users")
                        .get()
                        .orElseThrow()
                        .columns()
                        .size());
        driver.exec("ALTER TABLE users ADD COLUMN extra TEXT DEFAULT 'e'");
        assertEquals(
                "e", driver.query("SELECT * FROM users").get().orElseThrow().getString("extra"));
        driver.exec("ALTER TABLE users RENAME COLUMN extra TO other");
        assertEquals(
                "e", driver.query("SELECT * FROM users").get().orElseThrow().getString("other"));
        driver.exec("ALTER TABLE users DROP COLUMN other");
        assertEquals(
                4,
                driver.query("SELECT * FROM users")
                        .get()
                        .orElseThrow()
                        .columns()
                        .size());
    }

    @Test
    void selectStar_afterAnotherConnectionAltered_hasTheNewColumns() {
        driver.exec("INSERT INTO users (name) VALUES ('a')");
        assertEquals(
                4,
                driver.query("SELECT * FROM users")
                        .get()
                        .orElseThrow()
                        .columns()
                        .size());
        try (DatabaseDriver other = TestDrivers.open(folder.resolve("t.db"))) {
            other.exec("ALTER TABLE users ADD COLUMN extra TEXT DEFAULT 'e'");
        }
        assertEquals(
                "e", driver.query("SELECT * FROM users").get().orElseThrow().getString("extra"));
    }

    @Test
    void query_nestedInItsOwnMapper_hasAStatementOfItsOwn() {
        driver.exec("INSERT INTO users (name) VALUES ('a'), ('b'), ('c')");
        String sql = "SELECT id FROM users ORDER BY id";
        List<Integer> sizes =
                driver.query(sql).all(columns -> row -> driver.query(sql).all().size());
        assertEquals(List.of(3, 3, 3), sizes);
        List<Integer> inside = driver.transaction(
                tx -> tx.query(sql).all(columns -> row -> tx.query(sql).all().size()));
        assertEquals(List.of(3, 3, 3), inside);
    }

    @Test
    void stream_closedEarlyOrExhausted_givesItsReaderBack() {
        driver.exec("INSERT INTO users (name) VALUES ('a'), ('b'), ('c')");
        for (int i = 0; i < 50; i++) {
            try (Stream<Long> ids = driver.query("SELECT id FROM users").stream(columns -> row -> row.getLong(0))) {
                assertEquals(1, ids.findFirst().orElseThrow());
            }
            assertEquals(
                    3,
                    driver.query("SELECT id FROM users").stream(columns -> row -> row.getLong(0))
                            .count());
        }
        assertThrows(
                IllegalStateException.class,
                () -> driver.query("SELECT id FROM users").stream(columns -> row -> {
                            throw new IllegalStateException("mapper");
                        })
                        .count());
    }

    @Test
    void columns_ofATable_listsThem() {
        assertEquals(List.of("id", "name", "email", "age"), driver.columns("users"));
        assertEquals(List.of("id", "user"), driver.columns("main.posts"));
        assertEquals(List.of(), driver.columns("no'; DROP TABLE users"));
        assertEquals(0, count());
    }

    @Test
    void comments_beforeSelect_readFromAReader() {
        assertEquals(
                1, driver.query("/* a */ -- b\n  select 1").get().orElseThrow().getLong(0));
        assertEquals(
                1,
                driver.query("WITH w AS (SELECT 1 AS one) SELECT one FROM w")
                        .get()
                        .orElseThrow()
                        .getLong(0));
        assertEquals(1, driver.query("VALUES (1)").get().orElseThrow().getLong(0));
        assertTrue(driver.query("EXPLAIN QUERY PLAN SELECT 1").all().size() > 0);
    }
}
