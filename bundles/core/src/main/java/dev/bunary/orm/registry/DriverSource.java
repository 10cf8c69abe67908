package dev.bunary.orm.registry;

import dev.bunary.orm.driver.TransactionCallback;
import dev.bunary.orm.driver.TransactionOptions;
import org.jspecify.annotations.Nullable;

/** Where a handle gets its leases from: a connection, or the one driver it was detached to. */
abstract class DriverSource implements LeaseSource {
    private final String connection;
    private final TransactionContext transactions;

    DriverSource(String connection) {
        this.connection = connection;
        this.transactions = new TransactionContext(connection);
    }

    @Override
    public final String connection() {
        return connection;
    }

    /** A lease for a single operation; the thread is in no transaction. */
    abstract Lease enter();

    /** A lease for a unit of work that runs code of the caller; the thread is in no transaction. */
    abstract HeldLease hold();

    /** Whether others have handles of the same driver. */
    abstract boolean isShared();

    /** Closes the driver if it still is the one whose leases these are. */
    abstract void close(LeaseCounter ifStill);

    @Override
    public final Lease acquire() {
        TransactionScope open = transactions.joined();
        return open != null ? open : enter();
    }

    @Override
    public final Lease pin() {
        TransactionScope open = transactions.joined();
        return open != null ? open : hold();
    }

    final boolean isInTransaction() {
        return transactions.joined() != null;
    }

    /** Runs a transaction, or a savepoint if this thread is in one. */
    public final <T extends @Nullable Object> T transaction(TransactionOptions options, TransactionCallback<T> work) {
        TransactionScope open = transactions.joined();
        return open != null ? open.transaction(options, work) : transaction(hold(), options, work);
    }

    /** Runs a transaction on a lease that was held here for it, and ends that. */
    final <T extends @Nullable Object> T transaction(
            HeldLease lease, TransactionOptions options, TransactionCallback<T> work) {
        return transactions.run(lease, options, work);
    }
}
