package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.driver.QueryResult;
import dev.bunary.orm.driver.Row;
import dev.bunary.orm.driver.RowReader;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** A handle's bound statement. Takes its lease inside each terminal call, so that a forgotten one holds nothing. */
final class LeasedResult implements QueryResult {
    private final LeaseSource source;
    private final Function<DatabaseDriver, QueryResult> bound;

    LeasedResult(LeaseSource source, Function<DatabaseDriver, QueryResult> bound) {
        this.source = source;
        this.bound = bound;
    }

    @Override
    public List<Row> all() {
        return run(source.acquire(), QueryResult::all);
    }

    @Override
    public Optional<Row> get() {
        return run(source.acquire(), QueryResult::get);
    }

    @Override
    public <T> List<T> all(RowReader<T> reader) {
        return run(source.pin(), result -> result.all(reader));
    }

    @Override
    public <T> Optional<T> get(RowReader<T> reader) {
        return run(source.pin(), result -> result.get(reader));
    }

    /** Unlike the others, leaves the lease to the stream, unless there is none. */
    @Override
    public <T> Stream<T> stream(RowReader<T> reader) {
        Lease lease = source.pin();
        boolean opened = false;
        try {
            Stream<T> rows = bound.apply(lease.driver()).stream(reader);
            Stream<T> leased = LeasedRows.stream(rows, lease, source, lease::explain);
            opened = true;
            return leased;
        } catch (OrmException failure) {
            throw lease.explain(failure);
        } finally {
            if (!opened) {
                lease.release();
            }
        }
    }

    private <T> T run(Lease lease, Function<QueryResult, T> terminal) {
        try {
            return terminal.apply(bound.apply(lease.driver()));
        } catch (OrmException failure) {
            throw lease.explain(failure);
        } finally {
            lease.release();
        }
    }
}
