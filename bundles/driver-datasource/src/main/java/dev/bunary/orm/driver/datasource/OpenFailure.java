package dev.bunary.orm.driver.datasource;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.ConnectionLostException;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.driver.SqlFailure;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Why a database cannot be reached. Neither the text nor the cause repeats a URL, as it may hold a password. */
final class OpenFailure {
    private OpenFailure() {}

    static OrmException of(Exception failure) {
        SQLException told = sqlCause(failure);
        String state = told == null ? null : told.getSQLState();
        int code = told == null ? 0 : told.getErrorCode();
        var cause = new SQLException(withoutUrl(told == null ? failure : told), state, code);
        cause.setStackTrace((told == null ? failure : told).getStackTrace());
        if (state != null && state.startsWith("28")) {
            return new ConfigurationException(
                    "the database refuses user or password of this datasource; set 'user' and 'password' to valid ones",
                    cause);
        }
        return new ConnectionLostException(
                new SqlFailure("the datasource gives no connection: " + cause.getMessage(), null, state, code, cause));
    }

    private static @Nullable SQLException sqlCause(Throwable failure) {
        SQLException deepest = null;
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof SQLException error && (deepest == null || error.getSQLState() != null)) {
                deepest = error;
            }
        }
        return deepest;
    }

    /** Behind the wrapper of the thread that failed. */
    private static Throwable rootless(Exception failure) {
        Throwable cause = failure.getCause();
        return failure instanceof ExecutionException && cause != null ? cause : failure;
    }

    private static String withoutUrl(Exception failure) {
        String message = String.valueOf(rootless(failure).getMessage());
        int url = message.indexOf("jdbc:");
        return url < 0 ? message : message.substring(0, url) + "(the URL is left out)";
    }
}
