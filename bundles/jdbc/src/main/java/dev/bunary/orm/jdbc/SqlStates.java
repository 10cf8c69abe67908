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
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Types an error by its SQLSTATE: the standard's classes (ISO/IEC 9075-2, 24.1) and the codes servers agree on. */
final class SqlStates {
    private SqlStates() {}

    static OrmException translate(SQLException error, @Nullable String sql) {
        String state = error.getSQLState();
        String message = error.getMessage() == null ? error.getClass().getName() : error.getMessage();
        var failure = new SqlFailure(message, sql, state, error.getErrorCode(), error);
        if (error instanceof java.sql.SQLTimeoutException) {
            return new QueryTimeoutException(failure);
        }
        return state == null || state.length() != 5 ? new SqlException(failure) : byState(state, failure);
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
