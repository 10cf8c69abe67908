package dev.bunary.orm.it.felix.other;

import dev.bunary.orm.driver.Columns;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.QueryResult;
import dev.bunary.orm.driver.Row;
import dev.bunary.orm.driver.TransactionCallback;
import java.util.List;

/** Answers {@code other} to every query. */
final class OtherDriver implements DatabaseDriver {
    private static final Columns ANSWER = Columns.of(List.of("answer"));

    @Override
    public QueryResult query(String sql, Object... params) {
        return () -> List.of(Row.of(ANSWER, "other"));
    }

    @Override
    public long exec(String sql, Object... params) {
        return 0;
    }

    @Override
    public <T> T transaction(TransactionCallback<T> work) {
        return work.run(this);
    }

    @Override
    public void close() {
        // holds nothing
    }
}
