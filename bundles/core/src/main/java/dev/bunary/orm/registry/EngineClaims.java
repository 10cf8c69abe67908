package dev.bunary.orm.registry;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Which copy of an in-process engine is open on which database. Two copies of one engine do not see each other's file
 * locks, so a second copy waits while the first has drivers open, and is refused if they stay. Safe for use by many
 * threads.
 */
final class EngineClaims {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();
    private final Map<String, Holder> holders = new HashMap<>(); // guarded by lock; nothing else is done under it

    /** A copy of an engine is the class loader that its factory comes from. */
    private static final class Holder {
        final @Nullable ClassLoader copy;
        final String description;
        int claims;

        Holder(@Nullable ClassLoader copy, String description) {
            this.copy = copy;
            this.description = description;
        }
    }

    /** A right to have a driver open on an engine, until it is given back. */
    @FunctionalInterface
    interface Claim {
        Claim NONE = () -> {};

        void release();
    }

    /**
     * Claims an engine for a copy of it.
     *
     * @param deadline how long to wait for another copy: where a better factory comes, several connections leave the old
     *     one at their own pace, and the first must not take the last for an obstacle
     * @throws EngineInUseException if another copy still has it then
     */
    Claim claim(String engine, @Nullable ClassLoader copy, String description, Deadline deadline) {
        lock.lock();
        try {
            Holder holder = holders.computeIfAbsent(engine, name -> new Holder(copy, description));
            while (holder.copy != copy) {
                if (deadline.hasPassed()) {
                    throw new EngineInUseException("engine '" + engine + "' is in use by " + holder.description
                            + "; a second copy of it beside the first would lose data, so close the drivers of the"
                            + " first");
                }
                deadline.awaitUninterruptibly(released);
                holder = holders.computeIfAbsent(engine, name -> new Holder(copy, description));
            }
            holder.claims++;
            Holder claimed = holder;
            return () -> release(engine, claimed);
        } finally {
            lock.unlock();
        }
    }

    private void release(String engine, Holder holder) {
        lock.lock();
        try {
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
