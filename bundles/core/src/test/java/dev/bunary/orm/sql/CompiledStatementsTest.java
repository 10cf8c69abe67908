package dev.bunary.orm.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.QueryResult;
import dev.bunary.orm.driver.TransactionCallback;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class CompiledStatementsTest {
    private final CompiledStatements compiled = new CompiledStatements(new NoDatabase());

    private static StatementShape in(String table, int count) {
        return new StatementShape.OfRows(
                StatementShape.Verb.COUNT, table, Where.NONE.and(new Predicate.Comparison("id", Operator.IN, count)));
    }

    @Test
    void text_equalShape_isTheSameText() {
        assertSame(compiled.text(in("t", 3)), compiled.text(in("t", 3)));
    }

    @Test
    void text_longList_isCompiledEachTimeAndNotKept() {
        assertEquals(compiled.text(in("t", 9_000)), compiled.text(in("t", 9_000)));
        assertNotSame(compiled.text(in("t", 9_000)), compiled.text(in("t", 9_000)));
    }

    @Test
    void text_ofMoreShapesThanAreKept_startsAnew() {
        String first = compiled.text(in("t", 1));
        for (int i = 0; i < 999; i++) {
            compiled.text(in("t" + i, 1));
        }
        assertSame(first, compiled.text(in("t", 1)));
        compiled.text(in("one too many", 1));
        assertNotSame(first, compiled.text(in("t", 1)));
        assertEquals(first, compiled.text(in("t", 1)));
    }

    @Test
    void columns_ofATableThatTheDriverCannotTell_areAskedAgain() {
        assertEquals(List.of(), compiled.columns("t", new NoDatabase()));
        assertEquals(List.of("id"), compiled.columns("t", new NoDatabase() {
            @Override
            public List<String> columns(String table) {
                return List.of("id");
            }
        }));
        assertEquals(List.of("id"), compiled.columns("t", new NoDatabase()));
    }

    /** A driver that is asked for its dialect and columns only. */
    private static class NoDatabase implements DatabaseDriver {
        @Override
        public QueryResult query(String sql, @Nullable Object... params) {
            throw new AssertionError("nothing is to be run: " + sql);
        }

        @Override
        public long exec(String sql, @Nullable Object... params) {
            throw new AssertionError("nothing is to be run: " + sql);
        }

        @Override
        public <T extends @Nullable Object> T transaction(TransactionCallback<T> work) {
            throw new AssertionError("nothing is to be run");
        }

        @Override
        public void close() {}
    }
}
