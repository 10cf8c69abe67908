package dev.bunary.orm.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.BadSqlException;
import dev.bunary.orm.driver.Row;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the query builder does where the dialect is written for SQLite: a column that is not there is an error. */
public abstract class StrictQueryBuilderContract extends QueryBuilderContract {

    /** For the test class of a driver. */
    protected StrictQueryBuilderContract() {}

    private void assertRefused(Callable<?> query, String column) {
        List<Row> before = rows("SELECT * FROM users ORDER BY id");
        var refused = assertThrows(BadSqlException.class, query::call);

        String expected = "column '" + column + "' is not in table 'users'; known columns: id, name, email, age";
        assertTrue(refused.getMessage().startsWith(expected), refused::getMessage);
        assertEquals(Optional.of(source.connection()), refused.connection());
        assertTrue(refused.sql().isPresent());
        assertTrue(refused.getCause() instanceof BadSqlException, () -> "cause: " + refused.getCause());
        assertEquals(before, rows("SELECT * FROM users ORDER BY id"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"emial", "1=1 OR name", "users.emial", "id\" = 1 OR \"id", "x` OR 1=1 --", "main.users.emial"})
    void misspeltColumn_anywhere_isAnErrorThatListsTheKnownAndChangesNothing(String column) {
        String named = column.substring(column.lastIndexOf('.') + 1);
        List<Callable<?>> uses = List.of(
                () -> users().where(column, "x").all(),
                () -> users().where(column, "!=", "x").all(),
                () -> users().where(column, "!=", "x").delete(),
                () -> users().where(column, "!=", "x").update(Map.of("age", 1)),
                () -> users().where(column, "!=", "x").count(),
                () -> users().where(column, "!=", "x").exists(),
                () -> users().where(column, "!=", "x").first(),
                () -> users().where("id", 1)
                        .orWhere(q -> q.whereNotNull(column))
                        .delete(),
                () -> users().whereNotNull(column).delete(),
                () -> users().whereIn(column, List.of(column)).delete(),
                () -> users().whereBetween(column, "a", "z").delete(),
                () -> users().select(column).all(),
                () -> users().select("id", column + " as x")
                        .as(columns -> row -> row.getLong(0))
                        .all(),
                () -> users().orderBy(column).all(),
                () -> users().orderBy(column).stream().toList());
        uses.forEach(use -> assertRefused(use, named));
    }

    @Test
    void misspeltColumn_writtenOrKey_isAnErrorThatListsTheKnown() {
        assertRefused(() -> users().update(Map.of("emial", "x")), "emial");
        assertRefused(() -> users().insert(Map.of("emial", "x")), "emial");
        assertRefused(() -> users().insertGetId(Map.of("emial", "x")), "emial");
        assertRefused(() -> users().insertAll(List.of(Map.of("emial", "x"))), "emial");
        assertRefused(() -> users().key("uid").find(1), "uid");
        assertRefused(() -> users().key("uid").insertGetId(Map.of("name", "x")), "uid");
    }

    @Test
    void misspeltColumn_besideARightOneInAnotherCase_namesTheMisspelt() {
        assertRefused(() -> users().where("NAME", "Ada").where("emial", "x").all(), "emial");
        assertEquals(1, users().where("NAME", "Ada").count());
    }

    @Test
    void orderBy_labelOrMisspeltLabel_isToldFromAColumn() {
        assertRefused(
                () -> users().select("id as key").orderBy("key").orderBy("kye").all(), "kye");
    }

    @Test
    void columnOfAnotherTable_isTheDatabasesError() {
        var refused = assertThrows(
                BadSqlException.class, () -> users().where("posts.title", "x").all());
        assertTrue(refused.getMessage().contains("title"), refused::getMessage);
    }

    @Test
    void unknownTable_isTheDatabasesError() {
        QueryBuilder nowhere = QueryBuilder.on(source, "nowhere");

        var refused = assertThrows(BadSqlException.class, nowhere::all);
        assertTrue(refused.getMessage().contains("nowhere"), refused::getMessage);
        assertThrows(BadSqlException.class, () -> nowhere.insert(Map.of("a", 1)));
        assertThrows(BadSqlException.class, () -> nowhere.exclude("a").all());
    }

    @Test
    void exclude_knownColumns_isAnExplicitList() {
        String sql = users().exclude("email").toSql().text();

        assertTrue(!sql.contains("*") && !sql.contains("email") && sql.contains("age"), sql);
    }

    @Test
    void exclude_columnAddedLater_isFound() {
        assertEquals(
                List.of("id", "name", "age"),
                users().exclude("email").first().orElseThrow().columns().labels());
        exec("ALTER TABLE users ADD COLUMN phone TEXT");

        assertEquals(
                List.of("id", "name", "email", "age"),
                users().exclude("phone").first().orElseThrow().columns().labels());
    }

    @Test
    void exclude_tableWithADotInAColumn_leavesTheOthers() {
        exec("CREATE TABLE dotted (id INTEGER PRIMARY KEY, \"a.b\" TEXT, secret TEXT)");
        exec("INSERT INTO dotted VALUES (1, 'x', 's')");

        Row row = QueryBuilder.on(source, "dotted").exclude("secret").find(1).orElseThrow();
        assertEquals(Map.of("id", row.value("id"), "a.b", "x"), row.toMap());
    }

    @Test
    void offset_withoutLimit_skipsRows() {
        assertEquals(List.of(4L, 5L), ids(users().orderBy("id").offset(3)));
        assertEquals(5, users().orderBy("id").offset(4).first().orElseThrow().getLong("id"));
        try (Stream<Row> rows = users().offset(2).stream()) {
            assertEquals(3, rows.count());
        }
    }
}
