package dev.bunary.orm.jdbc;

import org.osgi.annotation.versioning.ConsumerType;

/** Lends physical connections as sessions. Used by many threads at once. */
@ConsumerType
public interface SessionSource extends AutoCloseable {

    /**
     * Lends a session. The borrower uses it alone, unless the source lends one session twice to the same thread.
     *
     * @param access what it is for
     * @return an open session
     * @throws dev.bunary.orm.driver.DriverClosedException if the source is closed
     * @throws dev.bunary.orm.driver.LockTimeoutException if none became free in time
     * @throws dev.bunary.orm.driver.TransactionStateException if this thread would wait for itself
     */
    JdbcSession acquire(Access access);

    /**
     * Takes a session back. May be called on another thread than {@link #acquire} was if {@link #lendsToStreams} says
     * that streams hold such sessions.
     *
     * @param session what was lent
     * @param access what it was lent for
     */
    void release(JdbcSession session, Access access);

    /**
     * Whether a stream may hold a session until it is closed. If not, rows are read to the end before the stream is
     * handed out.
     *
     * @param access what the session is for
     * @return true if an open stream hinders nobody
     */
    boolean lendsToStreams(Access access);

    /**
     * Whether {@link #close} was called.
     *
     * @return true once it was
     */
    boolean isClosed();

    /**
     * Ends running work and closes all connections, in bounded time. May be called on any thread and more than once.
     */
    @Override
    void close();
}
