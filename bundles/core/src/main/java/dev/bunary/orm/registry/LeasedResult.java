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

    @Override
    public <T> Stream<T> stream(RowReader<T> reader) {
        return LeasedRows.open(
                source,
                lease -> bound.apply(lease.driver()).stream(reader),
                (failure, lease) -> lease.explain(failure));
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
