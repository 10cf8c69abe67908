package dev.bunary.orm.query;

import dev.bunary.orm.driver.RowReader;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A query whose rows are read by a reader of the caller. */
final class ReadQuery<T> implements Query<T> {
    private final QueryBuilder query;
    private final RowReader<T> reader;

    ReadQuery(QueryBuilder query, RowReader<T> reader) {
        this.query = query;
        this.reader = reader;
    }

    @Override
    public Optional<T> find(Object id) {
        return query.executor().first(query.byKey(id), reader);
    }

    @Override
    public Optional<T> first() {
        return query.executor().first(query.spec().one(), reader);
    }

    @Override
    public List<T> all() {
        return query.executor().all(query.spec(), reader);
    }

    @Override
    public Stream<T> stream() {
        return query.executor().stream(query.spec(), reader);
    }
}
