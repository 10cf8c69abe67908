package dev.bunary.orm.jdbc;

import dev.bunary.orm.driver.RowMapper;
import dev.bunary.orm.driver.Values;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A running query: holds its session and its statement until it is closed, once. Used by one thread at a time; only
 * {@link #cancel} may be called by another.
 */
final class JdbcCursor<T> implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(JdbcCursor.class.getName());

    private final Lender lender;
    private final Access access;
    private final JdbcSession session;
    private final PreparedSql prepared;
    private final ResultRows rows;
    private final Values row;
    private final RowMapper<T> mapper;
    private @Nullable Throwable failure;

    JdbcCursor(
            Lender lender,
            Access access,
            JdbcSession session,
            PreparedSql prepared,
            ResultRows rows,
            Values row,
            RowMapper<T> mapper) {
        this.lender = lender;
        this.access = access;
        this.session = session;
        this.prepared = prepared;
        this.rows = rows;
        this.row = row;
        this.mapper = mapper;
    }

    /** Moves to the next row. */
    boolean advance() {
        try {
            return rows.next();
        } catch (SQLException error) {
            failure = error;
            throw lender.translate(error, prepared.sql, session);
        }
    }

    /** Maps the row the cursor stands on. */
    T current() {
        return mapper.map(row);
    }

    /** Ends the step that the database is at, if it is at one. To be called only while the cursor has its session. */
    void cancel() {
        session.whileInUse(() -> {
            try {
                prepared.statement.cancel();
            } catch (SQLException unable) { // then the row is read first
                LOG.log(System.Logger.Level.DEBUG, "a statement could not be cancelled", unable);
            }
        });
    }

    @Override
    public void close() {
        try {
            end();
        } catch (SQLException error) {
            throw lender.translate(error, prepared.sql, session);
        } finally {
            lender.giveBack(session, access);
        }
    }

    private void end() throws SQLException {
        if (failure != null) {
            session.discard(prepared, failure);
            return;
        }
        try {
            rows.close();
        } catch (SQLException error) {
            session.discard(prepared, error);
            throw error;
        }
        session.giveBack(prepared);
    }
}
