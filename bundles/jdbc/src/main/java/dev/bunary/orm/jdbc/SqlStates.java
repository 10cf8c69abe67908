package dev.bunary.orm.jdbc;

import dev.bunary.orm.driver.BadSqlException;
import dev.bunary.orm.driver.CheckViolationException;
import dev.bunary.orm.driver.ConnectionLostException;
import dev.bunary.orm.driver.ConstraintViolationException;
import dev.bunary.orm.driver.DeadlockException;
import dev.bunary.orm.driver.ForeignKeyViolationException;
import dev.bunary.orm.driver.LockTimeoutException;
import dev.bunary.orm.driver.NotNullViolationException;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.driver.QueryTimeoutException;
import dev.bunary.orm.driver.SerializationFailureException;
import dev.bunary.orm.driver.SqlException;
import dev.bunary.orm.driver.SqlFailure;
import dev.bunary.orm.driver.UniqueViolationException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import org.jspecify.annotations.Nullable;

/** Types an error by its SQLSTATE: the standard's classes (ISO/IEC 9075-2, 24.1) and the codes servers agree on. */
final class SqlStates {
    private SqlStates() {}

    /** The error that tells: a batch's own says only where it stopped, and some show the statement with its values. */
    static SQLException root(SQLException error) {
        SQLException next = error instanceof BatchUpdateException ? error.getNextException() : null;
        return next == null ? error : next;
    }

    /** What a message of the database may show: none of the classes whose messages name values. */
    static String withoutValues(SQLException error) {
        String message = error.getMessage();
        if (message == null) {
            return error.getClass().getName();
        }
        String state = String.valueOf(error.getSQLState());
        if (state.startsWith("22")) {
            return "a value does not fit (the database's own words may show it and are left out)";
        }
        if (state.startsWith("23")) {
            return "a constraint is violated (the database's own words may show values and are left out)";
        }
        return message;
    }

    /**
     * Types an error.
     *
     * @param state the SQLSTATE to go by, which may be more telling than the error's own
     * @param message without values
     */
    static OrmException translate(SQLException error, @Nullable String sql, @Nullable String state, String message) {
        SQLException cause = message.equals(error.getMessage()) ? error : copy(error, message);
        var failure = new SqlFailure(message, sql, error.getSQLState(), error.getErrorCode(), cause);
        if (error instanceof SQLTimeoutException) {
            return new QueryTimeoutException(failure);
        }
        return state == null || state.length() != 5 ? new SqlException(failure) : byState(state, failure);
    }

    /** The same error under a message without values: a stack trace prints its causes. */
    private static SQLException copy(SQLException error, String message) {
        var copy = new SQLException(message, error.getSQLState(), error.getErrorCode());
        copy.setStackTrace(error.getStackTrace());
        return copy;
    }

    private static OrmException byState(String state, SqlFailure failure) {
        return switch (state) {
            case "23505" -> new UniqueViolationException(failure);
            case "23503", "23506" -> new ForeignKeyViolationException(failure);
            case "23502" -> new NotNullViolationException(failure);
            case "23513", "23514" -> new CheckViolationException(failure);
            case "40P01" -> new DeadlockException(failure);
            case "55P03", "HYT00" -> new LockTimeoutException(failure);
            case "57014" -> new QueryTimeoutException(failure);
            default -> byClass(state.substring(0, 2), failure);
        };
    }

    private static OrmException byClass(String stateClass, SqlFailure failure) {
        return switch (stateClass) {
            case "07", "21", "42" -> new BadSqlException(failure);
            case "08" -> new ConnectionLostException(failure);
            case "23" -> new ConstraintViolationException(failure);
            case "40" -> new SerializationFailureException(failure);
            default -> new SqlException(failure);
        };
    }
}
