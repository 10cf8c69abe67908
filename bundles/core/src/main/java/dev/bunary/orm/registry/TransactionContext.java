package dev.bunary.orm.registry;

import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.driver.TransactionCallback;
import dev.bunary.orm.driver.TransactionOptions;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Which transaction a thread is in. The thread local is set and removed around the callback, never inherited, and looked
 * at only while any transaction is open. Safe for use by many threads.
 */
final class TransactionContext {
    private final String connection;
    private final ThreadLocal<@Nullable TransactionScope> running = new ThreadLocal<>();
    private final AtomicInteger open = new AtomicInteger();

    TransactionContext(String connection) {
        this.connection = connection;
    }

    /** The transaction this thread is in, or null. */
    @Nullable
    TransactionScope joined() {
        return open.get() == 0 ? null : running.get();
    }

    /** Runs an outermost transaction, and ends its lease. */
    <T extends @Nullable Object> T run(HeldLease lease, TransactionOptions options, TransactionCallback<T> work) {
        var scope = new TransactionScope(connection, lease);
        try {
            return lease.driver().transaction(options, tx -> {
                open.incrementAndGet();
                running.set(scope);
                try {
                    return scope.run(tx, work);
                } finally {
                    running.remove();
                    open.decrementAndGet();
                }
            });
        } catch (OrmException failure) {
            throw scope.explain(failure);
        } finally {
            lease.release();
        }
    }
}
