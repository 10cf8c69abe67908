package dev.bunary.orm.driver.sqlite;

import dev.bunary.orm.driver.TransactionStateException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The turns at writing one database file: in the order of asking, whichever open driver asks. Two named connections, two
 * Orms or an uncached driver on one file share them, where SQLite's own waiting would be unfair again. Safe for use by
 * many threads.
 */
final class WriterTurns {
    /** By real path, while a driver is open on it; guarded by itself. Ends with this class loader's drivers. */
    private static final Map<Path, WriterTurns> OF_FILES = new HashMap<>();

    private final @Nullable Path file;

    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Turn> waiting = new ArrayDeque<>();
    private @Nullable Turn holder;
    private int drivers = 1;

    private WriterTurns(@Nullable Path file) {
        this.file = file;
    }

    /** One thread's turn, waited for or had. */
    final class Turn {
        private final Thread thread = Thread.currentThread();
        private final WriterGate gate;
        private final Condition come = lock.newCondition();

        private Turn(WriterGate gate) {
            this.gate = gate;
        }
    }

    /** Turns that are no other driver's, as a database in memory has. */
    static WriterTurns alone() {
        return new WriterTurns(null);
    }

    /** Joins the drivers that are open on a file. */
    static WriterTurns of(Path file) {
        synchronized (OF_FILES) {
            WriterTurns shared = OF_FILES.get(file);
            if (shared == null) {
                shared = new WriterTurns(file);
                OF_FILES.put(file, shared);
            } else {
                shared.drivers++;
            }
            return shared;
        }
    }

    /** Says that a driver is closed. */
    void leave() {
        synchronized (OF_FILES) {
            drivers--;
            if (drivers == 0 && file != null) {
                OF_FILES.remove(file);
            }
        }
    }

    /**
     * Waits for this thread's turn.
     *
     * @return null if the time is over or the gate was closed
     */
    @Nullable
    Turn take(WriterGate gate, long nanos) throws InterruptedException {
        lock.lock(); // only for moments; a free turn is had even by a thread that was interrupted
        try {
            if (holder != null && holder.thread == Thread.currentThread()) {
                throw new TransactionStateException("this thread writes to the same database through another driver and"
                        + " would wait for itself; end that work first, or do both through one driver");
            }
            var turn = new Turn(gate);
            if (holder == null) {
                holder = turn;
                return turn;
            }
            waiting.add(turn);
            return await(turn, nanos) ? turn : null;
        } finally {
            lock.unlock();
        }
    }

    private boolean await(Turn turn, long nanos) throws InterruptedException {
        long left = nanos;
        try {
            while (holder != turn && left > 0 && !turn.gate.isClosed()) {
                left = turn.come.awaitNanos(left);
            }
        } catch (InterruptedException interrupt) {
            if (holder != turn) {
                throw interrupt;
            }
            Thread.currentThread()
                    .interrupt(); // it came at the same moment: have it, and leave the interrupt for later
        } finally {
            waiting.remove(turn);
        }
        return holder == turn;
    }

    /** Ends a turn. Does nothing if it was taken away. */
    void end(Turn turn) {
        lock.lock();
        try {
            if (holder == turn) {
                next();
            }
        } finally {
            lock.unlock();
        }
    }

    private void next() {
        holder = waiting.poll();
        if (holder != null) {
            holder.come.signal();
        }
    }

    /** Lets those go who wait at a closed gate. */
    void wake(WriterGate closed) {
        lock.lock();
        try {
            for (Turn turn : waiting) {
                if (turn.gate == closed) {
                    turn.come.signal();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes the turn away from work whose connection was closed under it: it may sit in its callback for ever. */
    void expel(WriterGate closed) {
        lock.lock();
        try {
            if (holder != null && holder.gate == closed) {
                next();
            }
        } finally {
            lock.unlock();
        }
    }
}
