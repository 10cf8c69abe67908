package dev.bunary.orm.it.felix.bad;

import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.QueryResult;
import dev.bunary.orm.driver.TransactionCallback;

/** Opens, and fails every statement. */
final class BadDriver implements DatabaseDriver {
    @Override
    public QueryResult query(String sql, Object... params) {
        throw new IllegalStateException("cannot query");
    }

    @Override
    public long exec(String sql, Object... params) {
        throw new IllegalStateException("cannot change anything");
    }

    @Override
    public <T> T transaction(TransactionCallback<T> work) {
        throw new IllegalStateException("has no transactions");
    }

    @Override
    public void close() {
        // holds nothing
    }
}
