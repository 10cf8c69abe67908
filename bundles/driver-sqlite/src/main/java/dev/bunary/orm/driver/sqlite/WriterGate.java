package dev.bunary.orm.driver.sqlite;

import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.LockTimeoutException;
import dev.bunary.orm.driver.SqlFailure;
import dev.bunary.orm.driver.TransactionStateException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets one thread at a time to the writer, in the order they came: SQLite's own busy waiting is unfair and let writers
 * stall for more than a second.
 *
 * <p>The holder may enter again (a row mapper that queries), but not while it runs a transaction: it would wait for
 * itself. {@code owner}, {@code depth} and {@code transaction} are the holder's; others read {@code owner} only to
 * find that they are not it.
 */
final class WriterGate {
    private static final int EVERYBODY = Integer.MAX_VALUE / 2;

    private final Semaphore permit = new Semaphore(1, true);
    private final int timeoutMillis;
    private volatile @Nullable Thread owner;
    private volatile boolean closed;
    private int depth;
    private boolean transaction;

    WriterGate(int timeoutMillis) {
        this.timeoutMillis = timeoutMillis;
    }

    /** Returns when this thread may use the writer. */
    void enter(boolean forTransaction) {
        Thread caller = Thread.currentThread();
        if (owner == caller) {
            enterAgain(forTransaction);
            return;
        }
        await();
        if (closed) {
            throw closed();
        }
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
            owner = null;
            permit.release();
        }
    }

    /** Lets everybody go who waits, and nobody in any more. */
    void close() {
        closed = true;
        permit.release(EVERYBODY);
    }

    private void await() {
        try {
            if (permit.tryAcquire(timeoutMillis, TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw timeout("the wait for the writer was interrupted; nothing was run", interrupted);
        }
        throw timeout(
                "another thread kept the writer for more than " + timeoutMillis
                        + " ms (busyTimeout); make its transaction shorter, or the time-out longer",
                null);
    }

    private static LockTimeoutException timeout(String message, @Nullable Throwable cause) {
        return new LockTimeoutException(new SqlFailure(message, null, null, SqliteErrors.BUSY, cause));
    }

    static DriverClosedException closed() {
        return new DriverClosedException("the sqlite driver is closed; ask for a new one with getDriver()");
    }
}
