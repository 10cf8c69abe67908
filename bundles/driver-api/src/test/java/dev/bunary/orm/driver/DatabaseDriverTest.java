package dev.bunary.orm.driver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The defaults, on a driver with the four methods it must have. */
final class DatabaseDriverTest {
    private final List<String> statements = new ArrayList<>();
    private final DatabaseDriver driver = new Recorder(Dialect.STANDARD);

    @Test
    void execBatch_default_runsEachRowAndGivesItsCount() {
        List<@Nullable Object[]> rows = List.of(new Object[] {1}, new Object[] {2, null}, new Object[] {});
        assertArrayEquals(new long[] {1, 2, 0}, driver.execBatch("UPDATE", rows));
        assertEquals(List.of("UPDATE [1]", "UPDATE [2, null]", "UPDATE []"), statements);
    }

    @Test
    void execBatch_rowFails_stopsThere() {
        List<@Nullable Object[]> rows = List.of(new Object[] {1}, new Object[] {"fail"}, new Object[] {3});
        assertThrows(IllegalStateException.class, () -> driver.execBatch("UPDATE", rows));
        assertEquals(List.of("UPDATE [1]"), statements);
    }

    @Test
    void insert_default_asksForTheKeysWhenRead() {
        QueryResult insert = driver.insert("INSERT INTO t VALUES (?)", List.of("id", "a\"b"), 5);
        assertEquals(List.of(), statements);
        insert.all();
        assertEquals(List.of("INSERT INTO t VALUES (?) RETURNING \"id\", \"a\"\"b\" [5]"), statements);
    }

    @Test
    void columns_dialectThatCannotTell_isEmpty() {
        assertEquals(List.of(), driver.columns("users"));
        assertEquals(List.of(), statements);
    }

    @Test
    void columns_dialectThatCan_readsTheNames() {
        DatabaseDriver asking = new Recorder(new Dialect() {
            @Override
            public Optional<String> columnsQuery(String table) {
                return Optional.of("COLUMNS OF " + table);
            }
        });
        assertEquals(List.of("id", "name"), asking.columns("users"));
        assertEquals(List.of("COLUMNS OF users []"), statements);
    }

    @Test
    void transaction_withOptions_isATransaction() {
        assertEquals("done", driver.transaction(TransactionOptions.READ_ONLY, tx -> "done"));
        assertSame(Dialect.STANDARD, driver.dialect());
    }

    @Test
    void factory_lambda_isComplete() {
        DriverFactory factory = config -> driver;
        var config = DatabaseConfig.of("sqlite", Map.of());
        assertSame(driver, factory.create(config));
        assertEquals(Set.of(), factory.types());
        assertEquals(0, factory.ranking());
        assertEquals(SwapStrategy.EXCLUSIVE, factory.swapStrategy(config));
        assertEquals("sqlite", factory.engine(config));
        assertEquals(Set.of("user", "username", "password"), factory.tuningProperties());
        assertEquals(false, factory.holdsData(config));
    }

    /** Writes down what it is asked; affects as many rows as it is given parameters. */
    private final class Recorder implements DatabaseDriver {
        private final Dialect dialect;

        Recorder(Dialect dialect) {
            this.dialect = dialect;
        }

        @Override
        public QueryResult query(String sql, @Nullable Object... params) {
            Columns columns = Columns.of(List.of("name"));
            return () -> {
                statements.add(sql + " " + Arrays.toString(params));
                return List.of(Row.of(columns, "id"), Row.of(columns, "name"));
            };
        }

        @Override
        public long exec(String sql, @Nullable Object... params) {
            if (Arrays.asList(params).contains("fail")) {
                throw new IllegalStateException("asked to fail");
            }
            statements.add(sql + " " + Arrays.toString(params));
            return params.length;
        }

        @Override
        public <T extends @Nullable Object> T transaction(TransactionCallback<T> work) {
            return work.run(this);
        }

        @Override
        public Dialect dialect() {
            return dialect;
        }

        @Override
        public void close() {
            statements.add("closed");
        }
    }
}
