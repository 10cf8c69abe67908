package dev.bunary.orm.jdbc;

import dev.bunary.orm.driver.Dialect;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.driver.TransactionOptions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What is special about one database. The defaults are what JDBC 4.3 promises; a driver overrides what its database
 * does otherwise or can do faster. Used by many threads at once.
 */
@ConsumerType
public interface JdbcPlatform {

    /**
     * How the database writes SQL.
     *
     * @return the dialect, the same at every call
     */
    default Dialect dialect() {
        return Dialect.STANDARD;
    }

    /**
     * Whether the dialect's {@link Dialect#returning} is what the database understands. If not, generated keys come from
     * {@link java.sql.Statement#getGeneratedKeys}.
     *
     * @return true unless overridden
     */
    default boolean hasReturning() {
        return true;
    }

    /**
     * Turns an error of the JDBC driver into one of the ORM's. The default goes by {@link #standardState} and shows
     * {@link #message}; a batch's error is judged by the one behind it.
     *
     * @param error what the JDBC driver threw
     * @param sql the statement, or null if there is none
     * @param connection where it happened; usable for a look at the catalog, unless it broke
     * @return the typed error, with the cause; a cause whose message shows more is replaced by a copy that does not
     */
    default OrmException translate(SQLException error, @Nullable String sql, Connection connection) {
        SQLException root = SqlStates.root(error);
        return SqlStates.translate(root, sql, standardState(root), message(root));
    }

    /**
     * The SQLSTATE that says what went wrong, in the standard's codes and those PostgreSQL adds (23505 unique, 23503
     * foreign key, 23502 not null, 23514 check, 40P01 deadlock, 55P03 lock time-out, 57014 query time-out).
     *
     * @param error what the JDBC driver threw
     * @return the error's own SQLSTATE unless overridden, or null
     */
    default @Nullable String standardState(SQLException error) {
        return error.getSQLState();
    }

    /**
     * What may be told of an error, without bound values. The default hides what the database says about values that do
     * not fit (class 22) and violated constraints (class 23).
     *
     * @param error what the JDBC driver threw
     * @return the text
     */
    default String message(SQLException error) {
        return SqlStates.withoutValues(error);
    }

    /**
     * Binds one parameter.
     *
     * @param statement where to
     * @param index from 1, as JDBC counts
     * @param value the value, or null for SQL NULL
     * @throws SQLException if the JDBC driver refuses it
     * @throws dev.bunary.orm.driver.InvalidQueryException if values of this class cannot be bound
     */
    default void bind(PreparedStatement statement, int index, @Nullable Object value) throws SQLException {
        Parameters.bind(statement, index, value);
    }

    /**
     * Whether a prepared statement gives rows, so that one that does not is refused before it changes anything. Asked
     * once per prepared statement.
     *
     * @param statement the statement
     * @return true where the JDBC driver checks that itself
     * @throws SQLException if the JDBC driver cannot tell
     */
    default boolean givesRows(PreparedStatement statement) throws SQLException {
        return true;
    }

    /**
     * Runs a statement that gives rows.
     *
     * @param statement the statement
     * @param params its parameters, as many as it has; not to be kept or changed
     * @return its rows
     * @throws SQLException if the database refuses it
     */
    default ResultRows query(PreparedStatement statement, @Nullable Object[] params) throws SQLException {
        bindAll(statement, params);
        return new JdbcRows(statement.executeQuery());
    }

    /**
     * Runs an INSERT that was prepared with the names of the keys it is to give. Asked only without
     * {@link #hasReturning}.
     *
     * @param statement the statement
     * @param params its parameters, as many as it has; not to be kept or changed
     * @return the keys
     * @throws SQLException if the database refuses it
     */
    default ResultRows insert(PreparedStatement statement, @Nullable Object[] params) throws SQLException {
        bindAll(statement, params);
        statement.executeUpdate();
        return new JdbcRows(statement.getGeneratedKeys());
    }

    /**
     * Runs a statement that gives no rows, or whose rows nobody wants.
     *
     * @param statement the statement
     * @param kind what its first keyword says
     * @param params its parameters, as many as it has; not to be kept or changed
     * @return the affected rows, 0 for a statement that affects none
     * @throws SQLException if the database refuses it
     */
    default long update(PreparedStatement statement, StatementKind kind, @Nullable Object[] params)
            throws SQLException {
        bindAll(statement, params);
        boolean rows = statement.execute();
        return rows ? 0 : Math.max(0, statement.getLargeUpdateCount());
    }

    /**
     * Runs a statement once per row of parameters. Rows before one that fails have been run.
     *
     * @param statement the statement
     * @param kind what its first keyword says
     * @param rows the parameters of each run, as many as the statement has; not to be kept or changed
     * @return the affected rows of each run
     * @throws SQLException if the database refuses one
     */
    default long[] updateAll(PreparedStatement statement, StatementKind kind, List<@Nullable Object[]> rows)
            throws SQLException {
        for (Object[] params : rows) {
            bindAll(statement, params);
            statement.addBatch();
        }
        return statement.executeLargeBatch();
    }

    private void bindAll(PreparedStatement statement, @Nullable Object[] params) throws SQLException {
        for (int i = 0; i < params.length; i++) {
            bind(statement, i + 1, params[i]);
        }
    }

    /**
     * Begins a transaction.
     *
     * @param session where
     * @param options what the transaction is for
     * @throws SQLException if the database refuses
     */
    default void begin(JdbcSession session, TransactionOptions options) throws SQLException {
        session.connection().setReadOnly(options.readOnly());
        session.connection().setAutoCommit(false);
    }

    /**
     * Makes the transaction's changes permanent and ends it. After a failure {@link #rollback} is called.
     *
     * @param session where
     * @param options what the transaction was for
     * @throws SQLException if the database refuses
     */
    default void commit(JdbcSession session, TransactionOptions options) throws SQLException {
        session.connection().commit();
        session.connection().setAutoCommit(true);
    }

    /**
     * Undoes the transaction and ends it. Does nothing if the database has ended it already.
     *
     * @param session where
     * @param options what the transaction was for
     * @throws SQLException if the database refuses
     */
    default void rollback(JdbcSession session, TransactionOptions options) throws SQLException {
        session.connection().rollback();
        session.connection().setAutoCommit(true);
    }
}
