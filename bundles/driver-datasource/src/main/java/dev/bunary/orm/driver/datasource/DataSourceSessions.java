package dev.bunary.orm.driver.datasource;

import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.LockTimeoutException;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.driver.SqlException;
import dev.bunary.orm.driver.SqlFailure;
import dev.bunary.orm.jdbc.Access;
import dev.bunary.orm.jdbc.JdbcSession;
import dev.bunary.orm.jdbc.SessionSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one open database, each lent to one unit of work.
 *
 * <p>{@link #close} waits a moment for what is about to end, such as a commit, and cancels statements that run until
 * they end. What is left then computes in the application: its connections are closed under it.
 */
final class DataSourceSessions implements SessionSource {
    private static final System.Logger LOG = System.getLogger(DataSourceSessions.class.getName());
    private static final long GRACE_MILLIS = 250;
    private static final long CANCEL_MILLIS = 750;
    private static final long FORCE_MILLIS = 2_000;
    private static final int ASK_AGAIN_MILLIS = 20;

    private final ConnectionPool pool;
    private final DataSourcePlatform platform;
    private final int timeout;

    /**
     * Lets in as many as the pool has connections. The pool would let the others wait as well, but {@link #close} could
     * not wake them.
     */
    private final Semaphore places;

    /** Who has what. Whoever takes an entry out gives the connection back. */
    private final ConcurrentMap<JdbcSession, Thread> lent = new ConcurrentHashMap<>();

    private final Object returned = new Object();
    private final AtomicBoolean closeRequested = new AtomicBoolean();
    private volatile boolean closed;

    DataSourceSessions(ConnectionPool pool, DataSourcePlatform platform, DataSourceSettings settings) {
        this.pool = pool;
        this.platform = platform;
        this.timeout = settings.pool().timeout();
        this.places = new Semaphore(settings.pooled() ? settings.pool().size() : Integer.MAX_VALUE / 2, true);
    }

    @Override
    public JdbcSession acquire(Access access) {
        enter();
        JdbcSession session;
        try {
            session = JdbcSession.cancellable(pool.take());
        } catch (SQLException error) {
            places.release();
            throw noConnection(error);
        } catch (RuntimeException | Error failure) {
            places.release();
            throw failure;
        }
        session.tryUse();
        lent.put(session, Thread.currentThread());
        if (closed) { // close() may have looked before this one was there
            release(session, access);
            throw closed(null);
        }
        return session;
    }

    private void enter() {
        if (closed) {
            throw closed(null);
        }
        boolean entered = false;
        try {
            entered = places.tryAcquire() || places.tryAcquire(timeout, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new LockTimeoutException(
                    failure("the thread was interrupted while it waited for a connection", interrupt));
        }
        if (closed) {
            throw closed(null);
        }
        if (!entered) {
            throw new LockTimeoutException(failure(
                    "all " + lent.size() + " connections of the pool were in use for " + timeout
                            + " ms; set pool.size higher, or hold streams and transactions for a shorter time",
                    null));
        }
    }

    private OrmException noConnection(SQLException error) {
        return closed ? closed(error) : OpenFailure.of(error);
    }

    @Override
    public void release(JdbcSession session, Access access) {
        if (lent.remove(session) == null) {
            return; // close() took it
        }
        session.endUse();
        giveBack(session);
        places.release();
        if (closed) {
            synchronized (returned) {
                returned.notifyAll();
            }
        }
    }

    private void giveBack(JdbcSession session) {
        try {
            pool.giveBack(session.connection());
        } catch (SQLException error) { // the work itself is done
            LOG.log(System.Logger.Level.WARNING, "a connection could not be given back: " + platform.message(error));
        }
    }

    @Override
    public boolean lendsToStreams(Access access) {
        return true;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        if (closeRequested.compareAndSet(false, true)) {
            closed = true;
            places.release(Integer.MAX_VALUE / 2 - 1); // all who wait, to find it closed
        }
        awaitReturn();
        var closer = new Thread(this::force, "bunary-datasource-close");
        closer.setDaemon(true);
        closer.start();
        boolean done = joined(closer);
        if (!done) {
            throw new SqlException(failure(
                    lent.size() + " connections could not be closed in time; their JDBC driver does not let go of them",
                    null));
        }
    }

    /** Cancels what runs and waits for it to come back; for what does not run, only a moment. */
    private void awaitReturn() {
        boolean interrupted = false;
        long begin = System.nanoTime();
        boolean running = true;
        synchronized (returned) {
            while (hasLentToOthers() && millisSince(begin) < (running ? CANCEL_MILLIS : GRACE_MILLIS)) {
                running = cancelAll();
                try {
                    returned.wait(ASK_AGAIN_MILLIS);
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nobody waits for what this thread itself has lent: it would wait for its own end. */
    private boolean hasLentToOthers() {
        return lent.values().stream().anyMatch(thread -> thread != Thread.currentThread());
    }

    private boolean cancelAll() {
        boolean running = false;
        for (JdbcSession session : lent.keySet()) {
            try {
                running |= session.cancel();
            } catch (SQLException error) {
                LOG.log(System.Logger.Level.DEBUG, "a statement could not be cancelled", error);
            }
        }
        return running;
    }

    /** Closes connections under their work, then the pool. */
    private void force() {
        for (JdbcSession session : lent.keySet()) {
            abort(session.connection());
            if (lent.remove(session) != null) {
                giveBack(session);
            }
        }
        pool.close();
    }

    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException | RuntimeException unsupported) {
            LOG.log(System.Logger.Level.DEBUG, "a connection could not be aborted", unsupported);
        }
    }

    private static boolean joined(Thread closer) {
        boolean interrupted = false;
        long begin = System.nanoTime();
        while (closer.isAlive() && millisSince(begin) < FORCE_MILLIS) {
            try {
                closer.join(Math.max(1, FORCE_MILLIS - millisSince(begin)));
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !closer.isAlive();
    }

    private static long millisSince(long begin) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }

    private static SqlFailure failure(String message, @Nullable Throwable cause) {
        return new SqlFailure(message, null, null, 0, cause);
    }

    private static DriverClosedException closed(@Nullable Throwable cause) {
        return new DriverClosedException("the driver was closed; ask the ORM for the current one", cause);
    }
}
