package dev.bunary.orm.driver.sqlite;

import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.LockTimeoutException;
import dev.bunary.orm.driver.SqlFailure;
import dev.bunary.orm.driver.TransactionStateException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets one thread at a time to the writer, in the order they came: SQLite's own busy waiting is unfair and let writers
 * stall for more than a second. The order is that of all drivers open on the file, see {@link WriterTurns}.
 *
 * <p>The holder may enter again (a row mapper that queries), but not while it runs a transaction: it would wait for
 * itself. {@code owner}, {@code turn}, {@code depth} and {@code transaction} are the holder's; others read {@code owner} only to
 * find that they are not it.
 */
final class WriterGate {
    private final WriterTurns turns;
    private final int timeoutMillis;
    private volatile @Nullable Thread owner;
    private volatile boolean closed;
    private WriterTurns.@Nullable Turn turn;
    private int depth;
    private boolean transaction;

    WriterGate(WriterTurns turns, int timeoutMillis) {
        this.turns = turns;
        this.timeoutMillis = timeoutMillis;
    }

    /** Returns when this thread may use the writer. */
    void enter(boolean forTransaction) {
        Thread caller = Thread.currentThread();
        if (owner == caller) {
            enterAgain(forTransaction);
            return;
        }
        turn = await();
        owner = caller;
        depth = 1;
        transaction = forTransaction;
    }

    private void enterAgain(boolean forTransaction) {
        if (transaction) {
            throw new TransactionStateException(
                    "this thread runs a transaction and would wait for itself; use the driver that transaction(...) "
                            + "handed out");
        }
        if (closed) {
            throw closed();
        }
        depth++;
        transaction = forTransaction;
    }

    /** Whether the holder, who asks, will be out after one {@link #leave}. */
    boolean isEnteredOnce() {
        return depth == 1;
    }

    void leave(boolean fromTransaction) {
        if (fromTransaction) {
            transaction = false;
        }
        if (--depth == 0) {
            WriterTurns.Turn ended = turn;
            turn = null;
            owner = null;
            if (ended != null) {
                turns.end(ended);
            }
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Lets everybody go who waits here, and nobody in any more. */
    void close() {
        closed = true;
        turns.wake(this);
    }

    /** To be called when the writer's connection is closed: whoever still is in can do nothing any more. */
    void abandon() {
        turns.expel(this);
        turns.leave();
    }

    private WriterTurns.Turn await() {
        WriterTurns.Turn taken;
        try {
            taken = turns.take(this, TimeUnit.MILLISECONDS.toNanos(timeoutMillis));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw timeout("the wait for the writer was interrupted; nothing was run", interrupted);
        }
        if (closed) {
            if (taken != null) {
                turns.end(taken);
            }
            throw closed();
        }
        if (taken == null) {
            throw timeout(
                    "another thread kept the writer for more than " + timeoutMillis
                            + " ms (busyTimeout); make its transaction shorter, or the time-out longer",
                    null);
        }
        return taken;
    }

    private static LockTimeoutException timeout(String message, @Nullable Throwable cause) {
        return new LockTimeoutException(new SqlFailure(message, null, null, SqliteErrors.BUSY, cause));
    }

    static DriverClosedException closed() {
        return new DriverClosedException("the sqlite driver is closed; ask for a new one with getDriver()");
    }
}
