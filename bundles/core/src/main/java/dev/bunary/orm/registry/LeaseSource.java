package dev.bunary.orm.registry;

import org.jspecify.annotations.Nullable;

/** A connection as the query side sees it: a place to get leases from. Safe for use by many threads. */
public interface LeaseSource {

    /** The connection's name. */
    String connection();

    /**
     * A lease for one operation in which no code of the caller runs. Joins the thread's open transaction. Waits for a
     * driver during a swap.
     */
    Lease acquire();

    /**
     * A lease for work in which code of the caller runs, such as an open stream or a row mapper: this thread may then
     * take further leases while the driver drains, and the lease may be released on another thread. Joins the thread's
     * open transaction.
     */
    Lease pin();

    /**
     * Whose streams are opened from here by this thread now; null if nobody's in particular. A stream inside a
     * transaction is nobody's, as it ends with that.
     */
    default @Nullable ConsumerScope scope() {
        return null;
    }
}
