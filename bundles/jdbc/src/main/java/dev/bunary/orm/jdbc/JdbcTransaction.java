package dev.bunary.orm.jdbc;

import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.Dialect;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.driver.QueryResult;
import dev.bunary.orm.driver.TransactionCallback;
import dev.bunary.orm.driver.TransactionOptions;
import dev.bunary.orm.driver.TransactionStateException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The driver a transaction's work is given: one session, one thread, and over when the work returns. */
final class JdbcTransaction implements DatabaseDriver, Lender {
    private final SourceLender outer;
    private final JdbcPlatform platform;
    private final SchemaClock schema;
    private final JdbcSession session;
    private final int depth;
    private final StatementRunner runner;
    private final Thread owner = Thread.currentThread();

    /** The owner's: other threads only mark a stream as closed. */
    private final List<CursorStream<?>> streams = new ArrayList<>(0);

    private volatile boolean ended;

    JdbcTransaction(SourceLender outer, JdbcPlatform platform, SchemaClock schema, JdbcSession session, int depth) {
        this.outer = outer;
        this.platform = platform;
        this.schema = schema;
        this.session = session;
        this.depth = depth;
        this.runner = new StatementRunner(this, platform, schema);
    }

    /** Runs work between BEGIN and COMMIT or ROLLBACK. */
    <T extends @Nullable Object> T run(TransactionOptions options, TransactionCallback<T> work) {
        perform(() -> platform.begin(session, options));
        T result;
        int before = schema.now();
        try {
            result = work.run(this);
            end();
            checkDriverOpen(); // work that hid the error which close() gave it must not commit half of itself
            perform(() -> platform.commit(session, options));
        } catch (Throwable thrown) {
            endAfter(thrown);
            undo(thrown, () -> platform.rollback(session, options));
            throw thrown;
        } finally {
            if (schema.now() != before) {
                // other sessions may have read the labels while the change was not committed
                schema.tick();
            }
        }
        return result;
    }

    @Override
    public <T extends @Nullable Object> T transaction(TransactionCallback<T> work) {
        return transaction(TransactionOptions.READ_WRITE, work);
    }

    /** Runs work between a savepoint and its release; the options of the outermost transaction hold. */
    @Override
    public <T extends @Nullable Object> T transaction(TransactionOptions options, TransactionCallback<T> work) {
        check();
        var nested = new JdbcTransaction(outer, platform, schema, session, depth + 1);
        String name = "bunary_" + (depth + 1);
        perform(() -> session.execute(dialect().savepoint(name)));
        T result;
        try {
            result = work.run(nested);
            nested.end();
        } catch (Throwable thrown) {
            nested.endAfter(thrown);
            undo(thrown, () -> {
                session.execute(dialect().rollbackTo(name));
                session.execute(dialect().release(name));
            });
            throw thrown;
        }
        perform(() -> session.execute(dialect().release(name)));
        return result;
    }

    @Override
    public QueryResult query(String sql, @Nullable Object... params) {
        return new JdbcQuery(runner, sql, JdbcDriver.copy(params));
    }

    @Override
    public QueryResult insert(String sql, List<String> keys, @Nullable Object... params) {
        return platform.hasReturning()
                ? query(platform.dialect().returning(sql, keys), params)
                : new JdbcQuery(runner, sql, keys, JdbcDriver.copy(params));
    }

    @Override
    public long exec(String sql, @Nullable Object... params) {
        return runner.exec(sql, JdbcDriver.copy(params));
    }

    @Override
    public long[] execBatch(String sql, List<@Nullable Object[]> rows) {
        return runner.execBatch(sql, rows);
    }

    @Override
    public Dialect dialect() {
        return platform.dialect();
    }

    /** Refused: the transaction ends with the work that was given it. */
    @Override
    public void close() {
        throw new TransactionStateException(
                "a transaction cannot be closed; it ends when the work handed to transaction(...) returns or throws");
    }

    @Override
    public JdbcSession borrow(Access access) {
        check();
        endClosedStreams();
        return session;
    }

    @Override
    public void giveBack(JdbcSession session, Access access) {
        // the transaction keeps it to its end
    }

    @Override
    public void permit(StatementKind kind) {
        if (kind == StatementKind.TRANSACTION) {
            throw StatementRunner.refused(kind);
        }
    }

    @Override
    public boolean lendsToStreams(Access access) {
        return true;
    }

    @Override
    public void streamOpened(CursorStream<?> stream) {
        streams.add(stream);
    }

    /**
     * A stream that another thread closes, be it the garbage collector's, waits for the owner's next statement. One that
     * is being read is not cancelled: that would hit the transaction, which does more than read it.
     */
    @Override
    public void streamClosed(CursorStream<?> stream) {
        if (Thread.currentThread() == owner) {
            stream.endIfClosed();
        }
    }

    @Override
    public void streamEnded(CursorStream<?> stream) {
        streams.remove(stream);
    }

    private void endClosedStreams() {
        if (!streams.isEmpty()) {
            List.copyOf(streams).forEach(CursorStream::endIfClosed);
        }
    }

    @Override
    public void checkStream() {
        check();
    }

    @Override
    public OrmException translate(SQLException error, @Nullable String sql, JdbcSession session) {
        return outer.translate(error, sql, session);
    }

    private void check() {
        if (ended) {
            throw new TransactionStateException("the transaction is over; use its driver only inside the work");
        }
        if (Thread.currentThread() != owner) {
            throw new TransactionStateException("the transaction belongs to thread '" + owner.getName()
                    + "' and was used on '" + Thread.currentThread().getName() + "'; use it on its own thread only");
        }
        checkDriverOpen();
    }

    private void checkDriverOpen() {
        if (outer.isClosed()) {
            throw SourceLender.closed(null);
        }
    }

    /** Ends the handle and what it left open. */
    private void end() {
        ended = true;
        List.copyOf(streams).forEach(CursorStream::end);
    }

    private void endAfter(Throwable thrown) {
        try {
            end();
        } catch (RuntimeException second) {
            suppress(thrown, second);
        }
    }

    private void undo(Throwable thrown, SqlAction action) {
        try {
            action.run();
        } catch (SQLException second) {
            // close() has rolled back, or is about to: nothing is lost, and thrown already tells
            if (!outer.isClosed()) {
                suppress(thrown, translate(second, null, session));
            }
        } catch (RuntimeException second) {
            suppress(thrown, second);
        }
    }

    private static void suppress(Throwable thrown, Throwable second) {
        if (thrown != second) {
            thrown.addSuppressed(second);
        }
    }

    private void perform(SqlAction action) {
        try {
            action.run();
        } catch (SQLException error) {
            throw translate(error, null, session);
        }
    }

    /** A step on the session. */
    @FunctionalInterface
    private interface SqlAction {
        void run() throws SQLException;
    }
}
