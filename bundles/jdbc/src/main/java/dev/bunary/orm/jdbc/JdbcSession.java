package dev.bunary.orm.jdbc;

import dev.bunary.orm.driver.InvalidQueryException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One physical connection and its cache of prepared statements, the least recently used of which go first. Used by one
 * thread at a time; only the methods about its state may be called by others.
 */
public final class JdbcSession {
    private enum State {
        IDLE,
        IN_USE,
        CLOSED
    }

    private final Connection connection;
    private final int capacity;
    private final LinkedHashMap<String, PreparedSql> cache = new LinkedHashMap<>(64, 0.75f, true);
    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);

    /** Statements that may run; null where nobody cancels, which saves the fast path two writes. */
    private final @Nullable Set<PreparedStatement> cancellable;

    /**
     * Wraps a connection, which the session owns from now on.
     *
     * @param connection the connection, in auto-commit mode
     * @param capacity how many prepared statements to keep, 0 for none
     */
    public JdbcSession(Connection connection, int capacity) {
        this(connection, capacity, null);
    }

    private JdbcSession(Connection connection, int capacity, @Nullable Set<PreparedStatement> cancellable) {
        this.connection = connection;
        this.capacity = capacity;
        this.cancellable = cancellable;
    }

    /**
     * A session for a connection that is borrowed for one unit of work: it keeps no statements, and what runs on it can
     * be cancelled.
     *
     * @param connection the connection, in auto-commit mode
     * @return the session
     */
    public static JdbcSession cancellable(Connection connection) {
        return new JdbcSession(connection, 0, ConcurrentHashMap.newKeySet());
    }

    /**
     * Cancels the statements that run, on whatever thread ({@link java.sql.Statement#cancel}). One that begins a moment
     * later is not; so whoever wants the work to end asks again.
     *
     * @return whether there was a statement; always false unless the session is {@link #cancellable}
     * @throws SQLException if the JDBC driver cannot
     */
    public boolean cancel() throws SQLException {
        if (cancellable == null || cancellable.isEmpty()) {
            return false;
        }
        for (PreparedStatement statement : cancellable) {
            statement.cancel();
        }
        return true;
    }

    /**
     * The connection.
     *
     * @return the same at every call; to be closed only through {@link #close}
     */
    public Connection connection() {
        return connection;
    }

    /**
     * Marks an idle session as in use.
     *
     * @return false if it is in use or closed
     */
    public boolean tryUse() {
        return state.compareAndSet(State.IDLE, State.IN_USE);
    }

    /**
     * Marks a session as idle again.
     *
     * @return false if it was closed meanwhile
     */
    public boolean endUse() {
        return state.compareAndSet(State.IN_USE, State.IDLE);
    }

    /**
     * Whether somebody uses the session.
     *
     * @return true between {@link #tryUse} and {@link #endUse}
     */
    public boolean inUse() {
        return state.get() == State.IN_USE;
    }

    /**
     * Closes the connection of an idle session.
     *
     * @return false if it is in use
     * @throws SQLException if the JDBC driver could not close it
     */
    public boolean closeIfIdle() throws SQLException {
        if (state.compareAndSet(State.IDLE, State.CLOSED)) {
            closeConnection();
            return true;
        }
        return state.get() == State.CLOSED;
    }

    /**
     * Closes the connection, in use or not; an open transaction is rolled back by the database. Calling it again does
     * nothing.
     *
     * @throws SQLException if the JDBC driver could not close it
     */
    public void close() throws SQLException {
        if (state.getAndSet(State.CLOSED) != State.CLOSED) {
            closeConnection();
        }
    }

    /**
     * Runs an action while the session is in use, and keeps it from being closed meanwhile: for what may reach a
     * connection from another thread, such as an interrupt.
     *
     * @param action must not block
     */
    public synchronized void whileInUse(Runnable action) {
        if (inUse()) {
            action.run();
        }
    }

    private synchronized void closeConnection() throws SQLException {
        connection.close();
    }

    /**
     * Runs a statement without parameters and rows, such as COMMIT.
     *
     * @param sql the statement; kept in the cache
     * @throws SQLException if the database refuses it
     */
    public void execute(String sql) throws SQLException {
        PreparedSql prepared = checkOut(sql);
        try {
            prepared.statement.execute();
        } catch (SQLException | RuntimeException | Error error) {
            discard(prepared, error);
            throw error;
        }
        giveBack(prepared);
    }

    /** Lends a statement: the cached one, or a new one if there is none or it is in use by an outer call. */
    PreparedSql checkOut(String sql) throws SQLException {
        PreparedSql cached = cache.get(sql);
        if (cached != null && !cached.inUse) {
            cached.inUse = true;
            return cached;
        }
        PreparedSql prepared = prepare(sql, List.of());
        if (cached == null && capacity > 0) {
            keep(prepared);
        }
        return prepared;
    }

    /** A statement that gives generated keys; never kept. */
    PreparedSql checkOut(String sql, List<String> keys) throws SQLException {
        return keys.isEmpty() ? checkOut(sql) : prepare(sql, keys);
    }

    /** Takes a statement back that did its work. */
    void giveBack(PreparedSql prepared) throws SQLException {
        prepared.inUse = false;
        if (!prepared.cached) {
            forget(prepared.statement);
            prepared.statement.close();
        }
    }

    private void forget(PreparedStatement statement) {
        if (cancellable != null) {
            cancellable.remove(statement);
        }
    }

    /** Throws a statement away that failed, as JDBC drivers may have ended it. */
    void discard(PreparedSql prepared, Throwable reason) {
        prepared.inUse = false;
        if (prepared.cached) {
            prepared.cached = false;
            cache.remove(prepared.sql);
        }
        forget(prepared.statement);
        closeAfter(reason, prepared.statement);
    }

    private void keep(PreparedSql prepared) throws SQLException {
        cache.put(prepared.sql, prepared);
        prepared.cached = true;
        if (cache.size() > capacity) {
            evict(eldest());
        }
    }

    private PreparedSql eldest() {
        Map.Entry<String, PreparedSql> eldest = cache.entrySet().iterator().next();
        return eldest.getValue();
    }

    private void evict(PreparedSql eldest) throws SQLException {
        cache.remove(eldest.sql);
        eldest.cached = false;
        if (!eldest.inUse) {
            eldest.statement.close();
        }
    }

    private PreparedSql prepare(String sql, List<String> keys) throws SQLException {
        StatementKind kind = SqlText.kind(sql);
        if (SqlText.hasSecondStatement(sql)) {
            throw new InvalidQueryException("the SQL text holds more than one statement; run them one by one");
        }
        PreparedStatement statement = keys.isEmpty()
                ? connection.prepareStatement(sql)
                : connection.prepareStatement(sql, keys.toArray(String[]::new));
        try {
            var prepared = new PreparedSql(
                    sql, statement, kind, statement.getParameterMetaData().getParameterCount());
            if (cancellable != null) {
                cancellable.add(statement);
            }
            return prepared;
        } catch (SQLException | RuntimeException error) {
            closeAfter(error, statement);
            throw error;
        }
    }

    private static void closeAfter(Throwable reason, PreparedStatement statement) {
        try {
            statement.close();
        } catch (SQLException second) {
            reason.addSuppressed(second);
        }
    }
}
