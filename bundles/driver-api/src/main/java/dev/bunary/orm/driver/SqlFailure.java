package dev.bunary.orm.driver;

import org.jspecify.annotations.Nullable;

/**
 * What a database said when it refused a statement.
 *
 * @param message the text, without bound values; where there is none, the name of the cause's class
 * @param sql the statement, or null if there is none
 * @param sqlState the five-character SQLSTATE (ISO/IEC 9075-2, 24.1), or null if the database has none
 * @param vendorCode the database's own code, 0 if there is none
 * @param cause the driver's exception, or null
 */
public record SqlFailure(
        String message,
        @Nullable String sql,
        @Nullable String sqlState,
        int vendorCode,
        @Nullable Throwable cause) {

    /** A JDBC driver may give no text; an error without one would say nothing. */
    public SqlFailure {
        if (message == null) {
            message = cause == null ? "no message" : cause.getClass().getName();
        }
    }
}
