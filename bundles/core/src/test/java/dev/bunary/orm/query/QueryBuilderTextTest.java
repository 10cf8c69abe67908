package dev.bunary.orm.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.Dialect;
import dev.bunary.orm.driver.QueryResult;
import dev.bunary.orm.driver.TransactionCallback;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The exact SQL text, by {@code toSql()}. */
final class QueryBuilderTextTest {
    private final List<FourMethodDriver> opened = new ArrayList<>();
    private final QueryBuilder users = on(Dialect.STANDARD);

    private QueryBuilder on(Dialect dialect) {
        var driver = new FourMethodDriver(":memory:") {
            @Override
            public Dialect dialect() {
                return dialect;
            }
        };
        opened.add(driver);
        driver.exec("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT)");
        return QueryBuilder.on(new DriverLeases(driver), "users");
    }

    @AfterEach
    void close() {
        opened.forEach(FourMethodDriver::close);
    }

    private static void assertSql(QueryBuilder query, String text, Object... bindings) {
        assertEquals(new QueryBuilder.Sql(text, List.of(bindings)), query.toSql());
    }

    @Test
    void toSql_table_selectsAll() {
        assertSql(users, "SELECT * FROM \"users\"");
    }

    @Test
    void toSql_letterThatIsTwoInLowerCase_keepsItsLabel() {
        assertSql(users.select("İ AS label"), "SELECT \"İ\" AS \"label\" FROM \"users\"");
    }

    @Test
    void toSql_everything_isInSqlsOrder() {
        assertSql(
                users.offset(20)
                        .limit(10)
                        .orderBy("name", "desc")
                        .orderBy("id")
                        .where("age", ">=", 18)
                        .select("id", "users.name", "email as mail", "users.*"),
                "SELECT \"id\", \"users\".\"name\" AS \"name\", \"email\" AS \"mail\", \"users\".* FROM \"users\""
                        + " WHERE \"age\" >= ? ORDER BY \"name\" DESC, \"id\" LIMIT ? OFFSET ?",
                18,
                10L,
                20L);
    }

    @Test
    void toSql_conditions_areJoinedInTheirOrder() {
        assertSql(
                users.where("a", 1)
                        .orWhere("b", "!=", 2)
                        .whereNull("c")
                        .whereNotNull("d")
                        .whereIn("e", List.of(3, 4))
                        .whereIn("f", List.of())
                        .whereBetween("g", 5, 6)
                        .orWhere("h", "LIKE", "7%")
                        .orWhere("i", "in", List.of(8)),
                "SELECT * FROM \"users\" WHERE \"a\" = ? OR \"b\" <> ? AND \"c\" IS NULL AND \"d\" IS NOT NULL"
                        + " AND \"e\" IN (?, ?) AND 1 = 0 AND \"g\" BETWEEN ? AND ? OR \"h\" LIKE ? OR \"i\" IN (?)",
                1,
                2,
                3,
                4,
                5,
                6,
                "7%",
                8);
    }

    @Test
    void toSql_groups_areInParentheses() {
        assertSql(
                users.where(q -> q.where("a", 1).orWhere(p -> p.where("b", 2).where("c", 3)))
                        .orWhere(q -> q.orWhere("d", 4)),
                "SELECT * FROM \"users\" WHERE (\"a\" = ? OR (\"b\" = ? AND \"c\" = ?)) OR (\"d\" = ?)",
                1,
                2,
                3,
                4);
    }

    @Test
    void everyOperation_onADriverThatListens_sendsThisText() {
        FourMethodDriver driver = opened.get(0);
        var ran = new ArrayList<String>();
        var listening = new DatabaseDriver() {
            @Override
            public QueryResult query(String sql, @Nullable Object... params) {
                ran.add(sql + " " + Arrays.toString(params));
                return driver.query(sql, params);
            }

            @Override
            public long exec(String sql, @Nullable Object... params) {
                ran.add(sql + " " + Arrays.toString(params));
                return driver.exec(sql, params);
            }

            @Override
            public <T extends @Nullable Object> T transaction(TransactionCallback<T> work) {
                return driver.transaction(tx -> work.run(this));
            }

            @Override
            public void close() {}
        };
        QueryBuilder heard = QueryBuilder.on(new DriverLeases(listening), "users");

        heard.find(3);
        heard.where("name", "a").find(3);
        heard.where("name", "a").orWhere("name", "b").key("email").find(3);
        heard.where("id", 1).limit(5).first();
        heard.orWhere("id", 1).orderBy("id").limit(5).offset(1).select("id").count();
        heard.where("id", 1).limit(5).exists();
        heard.insert(Map.of("name", "x"));
        heard.insert(Map.of());
        heard.insertGetId(Map.of("name", "x"));
        heard.insertAll(List.of(Map.of("name", "y"), Map.of("name", "z")));
        heard.where("id", ">", 7).update(Map.of("name", "w"));
        heard.where("id", ">", 7).delete();
        heard.delete();

        assertEquals(
                List.of(
                        "SELECT * FROM \"users\" WHERE \"id\" = ? [3]",
                        "SELECT * FROM \"users\" WHERE \"name\" = ? AND \"id\" = ? [a, 3]",
                        "SELECT * FROM \"users\" WHERE (\"name\" = ? OR \"name\" = ?) AND \"email\" = ? [a, b, 3]",
                        "SELECT * FROM \"users\" WHERE \"id\" = ? LIMIT ? [1, 1]",
                        "SELECT COUNT(*) FROM \"users\" WHERE \"id\" = ? [1]",
                        "SELECT 1 FROM \"users\" WHERE \"id\" = ? LIMIT ? [1, 1]",
                        "INSERT INTO \"users\" (\"name\") VALUES (?) [x]",
                        "INSERT INTO \"users\" DEFAULT VALUES []",
                        "INSERT INTO \"users\" (\"name\") VALUES (?) RETURNING \"id\" [x]",
                        "INSERT INTO \"users\" (\"name\") VALUES (?) [y]",
                        "INSERT INTO \"users\" (\"name\") VALUES (?) [z]",
                        "UPDATE \"users\" SET \"name\" = ? WHERE \"id\" > ? [w, 7]",
                        "DELETE FROM \"users\" WHERE \"id\" > ? [7]",
                        "DELETE FROM \"users\" []"),
                ran);
    }

    @Test
    void toSql_quotesAndDotsInNames_areQuoted() {
        assertSql(
                users.select("main.users.we\"ird as a\"b").where("x;y", 1),
                "SELECT \"main\".\"users\".\"we\"\"ird\" AS \"a\"\"b\" FROM \"users\" WHERE \"x;y\" = ?",
                1);
    }

    @Test
    void toSql_sqliteDialect_usesBackticksAndKnowsTheColumns() {
        QueryBuilder strict = on(new SqliteDialect());

        assertSql(strict.where("a`b", 1), "SELECT * FROM `users` WHERE `a``b` = ?", 1);
        assertSql(strict.exclude("email").offset(3), "SELECT `id`, `name` FROM `users` LIMIT -1 OFFSET ?", 3L);
    }

    @Test
    void toSql_dialectThatWantsTheOffsetFirst_bindsItFirst() {
        QueryBuilder fetch = on(new Dialect() {
            @Override
            public String limitOffset(boolean limit, boolean offset) {
                String skip = offset ? "OFFSET :offset ROWS" : limit ? "OFFSET 0 ROWS" : "";
                return limit ? skip + " FETCH NEXT :limit ROWS ONLY" : skip;
            }
        });

        assertSql(fetch, "SELECT * FROM \"users\"");
        assertSql(fetch.limit(2), "SELECT * FROM \"users\" OFFSET 0 ROWS FETCH NEXT ? ROWS ONLY", 2L);
        assertSql(fetch.offset(3), "SELECT * FROM \"users\" OFFSET ? ROWS", 3L);
        assertSql(
                fetch.where("a", 1).limit(2).offset(3),
                "SELECT * FROM \"users\" WHERE \"a\" = ? OFFSET ? ROWS FETCH NEXT ? ROWS ONLY",
                1,
                3L,
                2L);
    }

    @Test
    void bindings_areUnmodifiable() {
        List<?> bindings = users.where("a", 1).toSql().bindings();

        assertThrows(UnsupportedOperationException.class, bindings::clear);
    }
}
