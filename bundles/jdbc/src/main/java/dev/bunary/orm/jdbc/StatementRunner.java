package dev.bunary.orm.jdbc;

import dev.bunary.orm.driver.BadSqlException;
import dev.bunary.orm.driver.Columns;
import dev.bunary.orm.driver.InvalidQueryException;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.driver.RowReader;
import dev.bunary.orm.driver.SqlFailure;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs statements on sessions that a lender gives, one call at a time; safe for use by many threads if the lender is. */
final class StatementRunner {
    /** Bounds what a batch holds in memory; larger ones gain nothing. */
    private static final int BATCH = 500;

    private final Lender lender;
    private final JdbcPlatform platform;
    private final SchemaClock schema;

    StatementRunner(Lender lender, JdbcPlatform platform, SchemaClock schema) {
        this.lender = lender;
        this.platform = platform;
        this.schema = schema;
    }

    Lender lender() {
        return lender;
    }

    /** Runs a query, or an insert whose generated keys are wanted, up to its first row. */
    <T> JdbcCursor<T> open(
            Access access, String sql, List<String> keys, @Nullable Object[] params, RowReader<T> reader) {
        JdbcSession session = lender.borrow(access);
        try {
            return open(session, access, sql, keys, params, reader);
        } catch (SQLException error) {
            OrmException translated = lender.translate(error, sql, session);
            lender.giveBack(session, access);
            throw translated;
        } catch (RuntimeException | Error error) {
            lender.giveBack(session, access);
            throw error;
        }
    }

    private <T> JdbcCursor<T> open(
            JdbcSession session,
            Access access,
            String sql,
            List<String> keys,
            @Nullable Object[] params,
            RowReader<T> reader)
            throws SQLException {
        PreparedSql prepared = session.checkOut(sql, keys);
        try {
            lender.permit(prepared.kind);
            checkCount(prepared, params);
            ResultRows rows = keys.isEmpty() ? query(prepared, params) : platform.insert(prepared.statement, params);
            changed(prepared.kind);
            // some databases have names of their own for the columns of generated keys
            Columns columns = keys.isEmpty() ? columns(prepared, rows) : Columns.of(keys);
            return new JdbcCursor<>(
                    lender, access, session, prepared, rows, rows.values(columns), reader.bind(columns));
        } catch (SQLException | RuntimeException | Error error) {
            session.discard(prepared, error);
            throw error;
        }
    }

    private ResultRows query(PreparedSql prepared, @Nullable Object[] params) throws SQLException {
        checkRows(prepared);
        return platform.query(prepared.statement, params);
    }

    private Columns columns(PreparedSql prepared, ResultRows rows) throws SQLException {
        Columns known = prepared.columns;
        int now = schema.now();
        if (known != null && prepared.schema == now && rows.columnCount(known.size()) == known.size()) {
            return known;
        }
        Columns read = Columns.of(rows.labels());
        prepared.columns = read;
        prepared.schema = now;
        return read;
    }

    private void checkRows(PreparedSql prepared) throws SQLException {
        if (prepared.columns == null && !platform.givesRows(prepared.statement)) {
            throw new InvalidQueryException("the statement gives no rows; run it with exec");
        }
    }

    /** Runs a statement for its effect. */
    long exec(String sql, @Nullable Object[] params) {
        JdbcSession session = lender.borrow(Access.WRITE);
        try {
            return exec(session, sql, params);
        } catch (SQLException error) {
            throw lender.translate(error, sql, session);
        } finally {
            lender.giveBack(session, Access.WRITE);
        }
    }

    private long exec(JdbcSession session, String sql, @Nullable Object[] params) throws SQLException {
        PreparedSql prepared = session.checkOut(sql);
        long affected;
        try {
            lender.permit(prepared.kind);
            checkCount(prepared, params);
            affected = platform.update(prepared.statement, prepared.kind, params);
            changed(prepared.kind);
        } catch (SQLException | RuntimeException | Error error) {
            session.discard(prepared, error);
            throw error;
        }
        session.giveBack(prepared);
        return affected;
    }

    /** Runs a statement once per row of parameters. */
    long[] execBatch(String sql, List<@Nullable Object[]> rows) {
        JdbcSession session = lender.borrow(Access.WRITE);
        try {
            return execBatch(session, sql, rows);
        } catch (SQLException error) {
            throw lender.translate(error, sql, session);
        } finally {
            lender.giveBack(session, Access.WRITE);
        }
    }

    private long[] execBatch(JdbcSession session, String sql, List<@Nullable Object[]> rows) throws SQLException {
        PreparedSql prepared = session.checkOut(sql);
        long[] affected = new long[rows.size()];
        try {
            lender.permit(prepared.kind);
            // the whole batch is checked first, so that a short row changes nothing
            for (Object[] row : rows) {
                checkCount(prepared, row);
            }
            for (int start = 0; start < affected.length; start += BATCH) {
                int end = Math.min(start + BATCH, affected.length);
                long[] part = platform.updateAll(prepared.statement, prepared.kind, rows.subList(start, end));
                System.arraycopy(part, 0, affected, start, part.length);
            }
            changed(prepared.kind);
        } catch (SQLException | RuntimeException | Error error) {
            session.discard(prepared, error);
            throw error;
        }
        session.giveBack(prepared);
        return affected;
    }

    private static void checkCount(PreparedSql prepared, @Nullable Object[] params) {
        if (params.length != prepared.parameters) {
            throw new BadSqlException(new SqlFailure(
                    "the statement has " + prepared.parameters + " parameters and was given " + params.length
                            + "; give one value for each ?",
                    prepared.sql,
                    null,
                    0,
                    null));
        }
    }

    private void changed(StatementKind kind) {
        if (kind == StatementKind.OTHER) {
            schema.tick();
        }
    }

    static InvalidQueryException refused(StatementKind kind) {
        return new InvalidQueryException(
                kind == StatementKind.SAVEPOINT
                        ? "savepoints are for transactions; run the statement on the driver that transaction(...) hands out"
                        : "transactions are begun and ended by transaction(...); statements such as BEGIN and COMMIT are refused");
    }
}
