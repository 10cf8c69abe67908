package dev.bunary.orm.registry;

import dev.bunary.orm.driver.Columns;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.QueryResult;
import dev.bunary.orm.driver.Row;
import dev.bunary.orm.driver.TransactionCallback;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A complete driver without a database: answers each query with its name, and notices every use after its close. */
class TinyDriver implements DatabaseDriver {
    private static final Columns COLUMNS = Columns.of(List.of("driver"));

    final String name;
    final AtomicInteger closes = new AtomicInteger();
    final AtomicLong usesAfterClose = new AtomicLong();
    private volatile boolean closed;

    TinyDriver(String name) {
        this.name = name;
    }

    private void use() {
        if (closed) {
            usesAfterClose.incrementAndGet();
            throw new DriverClosedException("driver " + name + " is closed");
        }
    }

    @Override
    public QueryResult query(String sql, @Nullable Object... params) {
        return () -> {
            use();
            return List.of(Row.of(COLUMNS, name));
        };
    }

    @Override
    public long exec(String sql, @Nullable Object... params) {
        use();
        return 1;
    }

    @Override
    public <T extends @Nullable Object> T transaction(TransactionCallback<T> work) {
        use();
        T result = work.run(this);
        use(); // the commit
        return result;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        closes.incrementAndGet();
    }
}
