package dev.bunary.orm.query;

import dev.bunary.orm.driver.BadSqlException;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.InvalidQueryException;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.driver.QueryResult;
import dev.bunary.orm.driver.Row;
import dev.bunary.orm.driver.RowReader;
import dev.bunary.orm.registry.Lease;
import dev.bunary.orm.registry.LeaseSource;
import dev.bunary.orm.registry.LeasedRows;
import dev.bunary.orm.sql.CompiledStatements;
import dev.bunary.orm.sql.SelectSpec;
import dev.bunary.orm.sql.StatementShape;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The data path: lease, compile, run, read, release. The lease outlives the rows, so a swap waits. Safe for use by many
 * threads.
 */
final class QueryExecutor {
    private static final Function<DatabaseDriver, CompiledStatements> COMPILED = CompiledStatements::new;
    private static final RowReader<Long> NUMBER = columns -> row -> row.getLong(0);

    private final LeaseSource source;

    QueryExecutor(LeaseSource source) {
        this.source = source;
    }

    List<Row> all(SelectSpec spec) {
        if (spec.shape().excludes()) {
            return all(spec, Row.reader());
        }
        return run(
                source.acquire(),
                spec.shape(),
                (driver, compiled) -> query(spec, driver, compiled).all());
    }

    <T> List<T> all(SelectSpec spec, RowReader<T> reader) {
        return run(source.pin(), spec.shape(), (driver, compiled) -> {
            SelectSpec kept = withoutExcluded(spec, driver, compiled);
            return query(kept, driver, compiled).all(skipping(kept, reader));
        });
    }

    Optional<Row> first(SelectSpec spec) {
        if (spec.shape().excludes()) {
            return first(spec, Row.reader());
        }
        return run(
                source.acquire(),
                spec.shape(),
                (driver, compiled) -> query(spec, driver, compiled).get());
    }

    <T> Optional<T> first(SelectSpec spec, RowReader<T> reader) {
        return run(source.pin(), spec.shape(), (driver, compiled) -> {
            SelectSpec kept = withoutExcluded(spec, driver, compiled);
            return query(kept, driver, compiled).get(skipping(kept, reader));
        });
    }

    /** Unlike the others, leaves the lease to the stream. */
    <T> Stream<T> stream(SelectSpec spec, RowReader<T> reader) {
        return LeasedRows.open(
                source,
                lease -> {
                    CompiledStatements compiled = compiled(lease);
                    SelectSpec kept = withoutExcluded(spec, lease.driver(), compiled);
                    return query(kept, lease.driver(), compiled).stream(skipping(kept, reader));
                },
                (failure, lease) -> explained(failure, spec.shape(), lease));
    }

    long count(StatementShape count, Object[] bindings) {
        return run(
                source.acquire(),
                count,
                (driver, compiled) -> driver.query(compiled.text(count), compiled.checked(count, bindings))
                        .get(NUMBER)
                        .orElseThrow()); // COUNT without GROUP BY has one row (SQL:2016 7.16)
    }

    boolean exists(StatementShape exists, Object[] bindings) {
        return run(
                source.acquire(),
                exists,
                (driver, compiled) -> driver.query(compiled.text(exists), compiled.existsBindings(exists, bindings))
                        .get()
                        .isPresent());
    }

    /** Runs an insert, update or delete. */
    long exec(StatementShape change, @Nullable Object[] bindings) {
        return run(
                source.acquire(),
                change,
                (driver, compiled) -> driver.exec(compiled.text(change), compiled.checked(change, bindings)));
    }

    /** Runs one insert for many rows: all of them or none. */
    long execAll(StatementShape.Insert insert, List<@Nullable Object[]> rows) {
        return run(source.acquire(), insert, (driver, compiled) -> {
            compiled.checked(insert, rows.get(0));
            StatementShape.Insert many = compiled.ofManyRows(insert);
            int single = rows.size() - rows.size() % many.rows();
            String sqlOfMany = compiled.text(many);
            String sql = compiled.text(insert);
            return driver.transaction(tx ->
                    execBatch(tx, sqlOfMany, NewValues.joined(rows.subList(0, single), many.rows()))
                            + execBatch(tx, sql, rows.subList(single, rows.size())));
        });
    }

    private static long execBatch(DatabaseDriver driver, String sql, List<@Nullable Object[]> rows) {
        return rows.isEmpty() ? 0 : LongStream.of(driver.execBatch(sql, rows)).sum();
    }

    Object insertGetId(StatementShape.Insert insert, @Nullable Object[] bindings) {
        return run(
                source.acquire(),
                insert,
                (driver, compiled) -> driver.insert(
                                compiled.text(insert), insert.keys(), compiled.checked(insert, bindings))
                        .get()
                        .map(row -> row.value(0)) // databases differ in what they label it
                        .orElseThrow(() -> new InvalidQueryException("table '" + insert.table()
                                + "' has inserted the row,"
                                + " but gives no generated key for column '"
                                + insert.keys().get(0) + "'; name the generated key with key(column), or use insert")));
    }

    QueryBuilder.Sql sql(SelectSpec spec) {
        return run(source.acquire(), spec.shape(), (driver, compiled) -> {
            SelectSpec kept = withoutExcluded(spec, driver, compiled);
            return QueryBuilder.Sql.of(compiled.text(kept.shape()), compiled.bindings(kept));
        });
    }

    private <R> R run(Lease lease, StatementShape shape, BiFunction<DatabaseDriver, CompiledStatements, R> work) {
        try {
            return work.apply(lease.driver(), compiled(lease));
        } catch (OrmException failure) {
            throw explained(failure, shape, lease);
        } finally {
            lease.release();
        }
    }

    static CompiledStatements compiled(Lease lease) {
        return lease.derived(CompiledStatements.class, COMPILED);
    }

    private static QueryResult query(SelectSpec spec, DatabaseDriver driver, CompiledStatements compiled) {
        return driver.query(compiled.text(spec.shape()), compiled.bindings(spec));
    }

    /** Leaves excluded columns out of the select list, where the columns are known. */
    private static SelectSpec withoutExcluded(SelectSpec spec, DatabaseDriver driver, CompiledStatements compiled) {
        return spec.shape().excludes() ? Exclusion.inSql(spec, driver, compiled) : spec;
    }

    /** Leaves excluded columns out of the rows, where that could not be done in SQL. */
    private static <T> RowReader<T> skipping(SelectSpec kept, RowReader<T> reader) {
        return kept.shape().excludes() ? Exclusion.inRows(kept.shape(), reader) : reader;
    }

    private static RuntimeException explained(OrmException failure, StatementShape shape, Lease lease) {
        OrmException clear =
                failure instanceof BadSqlException refused ? UnknownColumns.explain(refused, shape, lease) : failure;
        return shape.isRead() ? lease.explainRead(clear) : lease.explain(clear);
    }
}
