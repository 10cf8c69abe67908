package dev.bunary.orm.driver;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The root of all errors of the ORM and its drivers. Carries the connection's name and the SQL text where they are known;
 * never a bound value, and never a secret.
 */
public abstract class OrmException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN_SQL = 500;

    private final @Nullable String sql;
    private volatile @Nullable String connection;

    /**
     * For subclasses.
     *
     * @param message subject, rule, what was seen, what to do
     * @param sql the statement's text, or null if there is none
     * @param cause the cause, or null
     */
    protected OrmException(String message, @Nullable String sql, @Nullable Throwable cause) {
        super(message, cause);
        this.sql = sql;
    }

    /**
     * The connection it happened on.
     *
     * @return the name, such as {@code default}; empty for a driver that is used without the ORM
     */
    public final Optional<String> connection() {
        return Optional.ofNullable(connection);
    }

    /**
     * The statement it happened in.
     *
     * @return the text with {@code ?} for its parameters, or empty
     */
    public final Optional<String> sql() {
        return Optional.ofNullable(sql);
    }

    /**
     * Whether the same unit of work may succeed if it is run again from its start.
     *
     * @return true for conflicts with other work, for work that a swap has rolled back, and where no driver was there in
     *     time
     */
    public boolean isRetryable() {
        return false;
    }

    /**
     * Names the connection. The ORM calls this, as a driver need not know names; the first call counts.
     *
     * @param name the connection's name
     */
    public final void nameConnection(String name) {
        if (connection == null) {
            connection = name;
        }
    }

    /** The message, then the connection and the statement where they are known. */
    @Override
    public String getMessage() {
        String message = super.getMessage();
        String name = connection;
        boolean subject = name != null && message.contains("connection '" + name + "'");
        String where = name == null || subject ? "" : "connection '" + name + "'";
        if (sql != null) {
            where += (where.isEmpty() ? "" : ", ") + "sql: "
                    + (sql.length() <= SHOWN_SQL ? sql : sql.substring(0, SHOWN_SQL) + "…");
        }
        return where.isEmpty() ? message : message + " [" + where + "]";
    }
}
