package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.Dialect;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.driver.QueryResult;
import dev.bunary.orm.driver.Row;
import dev.bunary.orm.driver.RowReader;
import dev.bunary.orm.driver.TransactionCallback;
import dev.bunary.orm.driver.TransactionOptions;
import dev.bunary.orm.driver.TransactionStateException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A running transaction: the {@code tx} that its callback gets, and the lease of all that joins it. Works on one thread
 * and until its callback ends, whatever the driver beneath takes care of. A transaction inside it is a savepoint.
 */
final class TransactionScope implements DatabaseDriver, Lease {
    private final String connection;
    private final HeldLease lease;
    private final Thread thread = Thread.currentThread();
    private @Nullable DatabaseDriver tx;
    private volatile boolean committing;
    private volatile boolean ended;
    private int savepoints;

    TransactionScope(String connection, HeldLease lease) {
        this.connection = connection;
        this.lease = lease;
    }

    /** Runs the callback of the outermost transaction. What it returns is about to be committed by the driver. */
    <T extends @Nullable Object> T run(DatabaseDriver transaction, TransactionCallback<T> work) {
        tx = transaction;
        try {
            T result = work.run(this);
            committing = true; // before the check: a swap that comes later finds a commit in flight
            requireNotSwapped();
            return result;
        } finally {
            ended = true;
        }
    }

    /** A swap gave up on this transaction: it must not be committed, even if the callback swallowed what it saw. */
    private void requireNotSwapped() {
        if (lease.root().isAbandoned()) {
            throw lease.generation().swapped(true, null);
        }
    }

    @Override
    public QueryResult query(String sql, @Nullable Object... params) {
        return guarded(usable().query(sql, params));
    }

    @Override
    public QueryResult insert(String sql, List<String> keys, @Nullable Object... params) {
        return guarded(usable().insert(sql, keys, params));
    }

    @Override
    public long exec(String sql, @Nullable Object... params) {
        return explained(driver -> driver.exec(sql, params));
    }

    @Override
    public long[] execBatch(String sql, List<@Nullable Object[]> rows) {
        return explained(driver -> driver.execBatch(sql, rows));
    }

    @Override
    public List<String> columns(String table) {
        return explained(driver -> driver.columns(table));
    }

    @Override
    public Dialect dialect() {
        return usable().dialect();
    }

    @Override
    public <T extends @Nullable Object> T transaction(TransactionOptions options, TransactionCallback<T> work) {
        return transaction(work);
    }

    @Override
    public <T extends @Nullable Object> T transaction(TransactionCallback<T> work) {
        String name = "bunary_" + ++savepoints;
        exec(dialect().savepoint(name));
        T result;
        try {
            result = work.run(this);
        } catch (Throwable failure) {
            rollBackTo(name, failure);
            throw failure;
        }
        exec(dialect().release(name));
        return result;
    }

    private void rollBackTo(String name, Throwable failure) {
        try {
            exec(dialect().rollbackTo(name));
            exec(dialect().release(name));
        } catch (RuntimeException second) {
            failure.addSuppressed(second);
        }
    }

    @Override
    public void close() {
        throw new TransactionStateException("connection '" + connection
                + "': a transaction's driver was told to close; it ends when its callback returns or throws");
    }

    private DatabaseDriver usable() {
        DatabaseDriver running = tx;
        if (ended || running == null) {
            throw new TransactionStateException("connection '" + connection
                    + "': the transaction has ended; use its driver only inside the callback");
        }
        if (Thread.currentThread() != thread) {
            throw new TransactionStateException("connection '" + connection + "': the transaction belongs to thread '"
                    + thread.getName() + "'; another thread must begin its own");
        }
        requireNotSwapped();
        return running;
    }

    private <T> T explained(Function<DatabaseDriver, T> call) {
        DatabaseDriver usable = usable();
        try {
            return call.apply(usable);
        } catch (OrmException failure) {
            throw explain(failure);
        }
    }

    private QueryResult guarded(QueryResult result) {
        return new QueryResult() {
            @Override
            public List<Row> all() {
                return explained(usable -> result.all());
            }

            @Override
            public Optional<Row> get() {
                return explained(usable -> result.get());
            }

            @Override
            public <T> List<T> all(RowReader<T> reader) {
                return explained(usable -> result.all(reader));
            }

            @Override
            public <T> Optional<T> get(RowReader<T> reader) {
                return explained(usable -> result.get(reader));
            }

            @Override
            public <T> Stream<T> stream(RowReader<T> reader) {
                return explained(usable -> result.stream(reader));
            }
        };
    }

    // ---- the lease of what joins the transaction: the transaction's own lease covers it

    @Override
    public DatabaseDriver driver() {
        return this;
    }

    @Override
    public <T> T derived(Object key, Function<DatabaseDriver, T> make) {
        // made by the generation's driver where it does not ask the database, by this transaction where it does
        return lease.derived(key, ignored -> make.apply(this));
    }

    @Override
    public RuntimeException explain(OrmException failure) {
        return lease.root().isAbandoned()
                ? lease.generation().explainAbandoned(failure, !committing)
                : lease.explain(failure);
    }

    @Override
    public RuntimeException explainRead(OrmException failure) {
        return explain(failure); // the outcome of the transaction is what counts
    }

    @Override
    public void release() {}
}
