package dev.bunary.orm.registry;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts the leases of one generation, and tells when the last has ended.
 *
 * <p>The protocol. To enter: count in one's own stripe, then read {@code open}; if it is shut, undo and be refused. To
 * shut: write {@code open}, then wait until each stripe has been zero once. Both sides write first and read second, so
 * either the one who enters sees the shut, or the one who shuts sees the count. A stripe that was seen at zero after
 * the shut holds no lease any more, whatever refused entries flicker there later; a sum over stripes would not be as
 * good, as it mixes moments.
 */
final class LeaseCounter {
    static final int REFUSED = -1;

    /** A cache line and its neighbour, in longs, so that two threads' stripes never share one. */
    private static final int PADDING = 16;

    private static final int STRIPES = stripes(Runtime.getRuntime().availableProcessors());

    private final AtomicLongArray counts = new AtomicLongArray((STRIPES + 1) * PADDING);
    private volatile boolean open = true;

    /** Each stripe has been zero since the shut: what is seen there later is being refused. */
    private volatile boolean drained;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();

    private static int stripes(int processors) {
        return Integer.highestOneBit(Math.min(64, Math.max(2, processors)) * 2 - 1) * 2;
    }

    /** The current thread's stripe. The identity hash never changes, while a thread class may override its id. */
    private static int stripe() {
        int hash = System.identityHashCode(Thread.currentThread());
        return ((hash ^ hash >>> 7) & STRIPES - 1) + 1;
    }

    /** Takes a lease. Returns the stripe it was counted in, or {@link #REFUSED}. */
    int enter() {
        int stripe = stripe();
        counts.getAndIncrement(stripe * PADDING);
        if (open) {
            return stripe;
        }
        leave(stripe);
        return REFUSED;
    }

    /** Gives back a lease that this thread took. */
    void leave() {
        leave(stripe());
    }

    /** Gives back a lease that was counted in a stripe, from whatever thread. */
    void leave(int stripe) {
        counts.getAndDecrement(stripe * PADDING);
        if (!open) {
            signal();
        }
    }

    boolean isOpen() {
        return open;
    }

    /** Refuses leases from now on. */
    void shut() {
        open = false;
    }

    /** Waits, whatever interrupts come, until each stripe has been zero after {@link #shut}. Returns false at the deadline. */
    boolean awaitEmpty(Deadline deadline) {
        for (int stripe = 1; stripe <= STRIPES && !drained; stripe++) {
            if (counts.get(stripe * PADDING) != 0 && !awaitZero(stripe, deadline)) {
                return false;
            }
        }
        drained = true;
        return true;
    }

    private boolean awaitZero(int stripe, Deadline deadline) {
        lock.lock();
        try {
            while (counts.get(stripe * PADDING) != 0) {
                if (deadline.hasPassed()) {
                    return false;
                }
                deadline.awaitUninterruptibly(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void signal() {
        lock.lock();
        try {
            left.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** About how many leases there are; for logs and status only. */
    long sum() {
        long sum = 0;
        for (int stripe = 1; stripe <= STRIPES; stripe++) {
            sum += counts.get(stripe * PADDING);
        }
        return Math.max(0, sum);
    }
}
