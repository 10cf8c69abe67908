package bookshop;

import dev.bunary.orm.driver.Columns;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.QueryResult;
import dev.bunary.orm.driver.Row;
import dev.bunary.orm.driver.TransactionCallback;
import java.util.List;

/** A driver of four methods that answers every query with one row. */
final class ShelfDriver implements DatabaseDriver {
    private static final Columns ENGINE = Columns.of(List.of("engine"));

    volatile boolean closed;

    @Override
    public QueryResult query(String sql, Object... params) {
        return () -> List.of(Row.of(ENGINE, "shelf"));
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
        closed = true;
    }
}
