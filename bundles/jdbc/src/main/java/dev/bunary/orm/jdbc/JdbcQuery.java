package dev.bunary.orm.jdbc;

import dev.bunary.orm.driver.QueryResult;
import dev.bunary.orm.driver.Row;
import dev.bunary.orm.driver.RowReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A bound query; borrows a session inside each terminal call. */
final class JdbcQuery implements QueryResult {
    private static final RowReader<Row> ROWS = Row.reader();

    private final StatementRunner runner;
    private final String sql;
    private final List<String> keys;
    private final @Nullable Object[] params;

    JdbcQuery(StatementRunner runner, String sql, @Nullable Object[] params) {
        this(runner, sql, List.of(), params);
    }

    /** An insert whose generated keys are its rows. */
    JdbcQuery(StatementRunner runner, String sql, List<String> keys, @Nullable Object[] params) {
        this.runner = runner;
        this.sql = sql;
        this.keys = List.copyOf(keys);
        this.params = params;
    }

    @Override
    public List<Row> all() {
        return all(ROWS);
    }

    @Override
    public Optional<Row> get() {
        return get(ROWS);
    }

    @Override
    public <T> List<T> all(RowReader<T> reader) {
        try (JdbcCursor<T> cursor = runner.open(access(), sql, keys, params, reader)) {
            var read = new ArrayList<T>();
            while (cursor.advance()) {
                read.add(cursor.current());
            }
            return read;
        }
    }

    @Override
    public <T> Optional<T> get(RowReader<T> reader) {
        try (JdbcCursor<T> cursor = runner.open(access(), sql, keys, params, reader)) {
            return cursor.advance() ? Optional.of(cursor.current()) : Optional.empty();
        }
    }

    @Override
    public <T> Stream<T> stream(RowReader<T> reader) {
        if (!runner.lender().lendsToStreams(access())) {
            return all(reader).stream();
        }
        return CursorStream.of(runner.lender(), runner.open(access(), sql, keys, params, reader));
    }

    private Access access() {
        return SqlText.kind(sql) == StatementKind.READ ? Access.READ : Access.WRITE;
    }
}
