package dev.bunary.orm.registry;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Which copy of an in-process engine is open on which database. Two copies of one engine do not see each other's file
 * locks, so a second copy waits while the first has drivers open, and is refused if they stay. Safe for use by many
 * threads.
 */
final class EngineClaims {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();
    private final Map<String, Holder> holders = new HashMap<>(); // guarded by lock; nothing else is done under it

    /** Holds the copy, often a class loader, only while there are claims. */
    private static final class Holder {
        final Object copy;
        final String description;
        int claims;

        Holder(Object copy, String description) {
            this.copy = copy;
            this.description = description;
        }
    }

    /**
     * Claims an engine for a copy of it: the right to have a driver open on it, until what this returns is run.
     *
     * @param copy what the factory tells copies apart by, compared by identity
     * @param deadline how long to wait for another copy: where a better factory comes, several connections leave the old
     *     one at their own pace, and the first must not take the last for an obstacle
     * @param givenUp whether nobody wants it any more; asked again after {@link #wakeAll}
     * @throws IllegalStateException if another copy still has it then
     */
    Runnable claim(String engine, Object copy, String description, Deadline deadline, BooleanSupplier givenUp) {
        lock.lock();
        try {
            Holder holder = holders.computeIfAbsent(engine, name -> new Holder(copy, description));
            while (holder.copy != copy) {
                if (deadline.hasPassed() || givenUp.getAsBoolean()) {
                    throw new IllegalStateException("engine '" + engine + "' is in use by " + holder.description
                            + "; a second copy of it beside the first would lose data, so close the drivers of the"
                            + " first");
                }
                deadline.awaitUninterruptibly(released);
                holder = holders.computeIfAbsent(engine, name -> new Holder(copy, description));
            }
            holder.claims++;
            return () -> release(engine); // whoever keeps the claim keeps nothing of the copy
        } finally {
            lock.unlock();
        }
    }

    /** Makes those who wait ask whether they still want to. */
    void wakeAll() {
        lock.lock();
        try {
            released.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void release(String engine) {
        lock.lock();
        try {
            Holder holder = holders.get(engine);
            holder.claims--;
            if (holder.claims == 0) {
                holders.remove(engine);
                released.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }
}
