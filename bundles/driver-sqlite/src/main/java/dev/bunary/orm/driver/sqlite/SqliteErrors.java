package dev.bunary.orm.driver.sqlite;

import dev.bunary.orm.driver.BadSqlException;
import dev.bunary.orm.driver.CheckViolationException;
import dev.bunary.orm.driver.ConnectionLostException;
import dev.bunary.orm.driver.ConstraintViolationException;
import dev.bunary.orm.driver.ForeignKeyViolationException;
import dev.bunary.orm.driver.LockTimeoutException;
import dev.bunary.orm.driver.NotNullViolationException;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.driver.QueryTimeoutException;
import dev.bunary.orm.driver.SerializationFailureException;
import dev.bunary.orm.driver.SqlException;
import dev.bunary.orm.driver.SqlFailure;
import dev.bunary.orm.driver.UniqueViolationException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteException;

/** Types SQLite's errors by their extended result code (sqlite.org/rescode.html). */
final class SqliteErrors {
    static final int ERROR = 1;
    static final int BUSY = 5;
    static final int LOCKED = 6;
    static final int READONLY = 8;
    static final int INTERRUPT = 9;
    static final int IOERR = 10;
    static final int CORRUPT = 11;
    static final int CONSTRAINT = 19;
    static final int NOTADB = 26;

    private static final int BUSY_SNAPSHOT = 517;
    private static final int CONSTRAINT_CHECK = 275;
    private static final int CONSTRAINT_FOREIGNKEY = 787;
    private static final int CONSTRAINT_NOTNULL = 1299;
    private static final int CONSTRAINT_PRIMARYKEY = 1555;
    private static final int CONSTRAINT_UNIQUE = 2067;
    private static final int CONSTRAINT_ROWID = 2579;

    // sqlite-jdbc puts its own text around SQLite's: [SQLITE_X] General words (what SQLite said)
    private static final Pattern WRAPPED = Pattern.compile("^\\[SQLITE_\\w+]\\s.*?\\((.*)\\)$", Pattern.DOTALL);
    private static final Pattern NO_COLUMN =
            Pattern.compile("no such column: (?:.*\\.)?([^.]+)|table \\S+ has no column named (.+)");
    private static final Pattern TABLE =
            Pattern.compile("\\b(?:from|into|update)\\s+[`\"\\[]?(\\w+)", Pattern.CASE_INSENSITIVE);

    private SqliteErrors() {}

    /** The extended result code, or 0 if the error is sqlite-jdbc's own. */
    static int code(SQLException error) {
        return error instanceof SQLiteException sqlite ? sqlite.getResultCode().code : 0;
    }

    static OrmException translate(SQLException error, @Nullable String sql, Connection connection) {
        int code = code(error);
        String text = text(error);
        String message = code == ERROR ? withKnownColumns(text, sql, connection) : text;
        return typed(code, new SqlFailure(message, sql, error.getSQLState(), code, error));
    }

    private static OrmException typed(int code, SqlFailure failure) {
        return switch (code) {
            case CONSTRAINT_UNIQUE, CONSTRAINT_PRIMARYKEY, CONSTRAINT_ROWID -> new UniqueViolationException(failure);
            case CONSTRAINT_NOTNULL -> new NotNullViolationException(failure);
            case CONSTRAINT_CHECK -> new CheckViolationException(failure);
            case CONSTRAINT_FOREIGNKEY -> new ForeignKeyViolationException(failure);
            case BUSY_SNAPSHOT -> new SerializationFailureException(failure);
            default -> byPrimaryCode(code & 0xff, failure);
        };
    }

    private static OrmException byPrimaryCode(int code, SqlFailure failure) {
        return switch (code) {
            case ERROR -> new BadSqlException(failure);
            case BUSY, LOCKED -> new LockTimeoutException(failure);
            case INTERRUPT -> new QueryTimeoutException(failure);
            case IOERR -> new ConnectionLostException(failure);
            case CONSTRAINT -> new ConstraintViolationException(failure);
            default -> new SqlException(failure);
        };
    }

    private static String text(SQLException error) {
        String message = error.getMessage() == null ? error.getClass().getName() : error.getMessage();
        Matcher wrapped = WRAPPED.matcher(message);
        return wrapped.matches() ? wrapped.group(1) : message;
    }

    private static String withKnownColumns(String text, @Nullable String sql, Connection connection) {
        Matcher missing = NO_COLUMN.matcher(text);
        if (sql == null || !missing.matches()) {
            return text;
        }
        Matcher table = TABLE.matcher(sql);
        if (!table.find()) {
            return text;
        }
        List<String> known = columns(table.group(1), connection);
        String column = missing.group(1) != null ? missing.group(1) : missing.group(2);
        return known.isEmpty()
                ? text
                : "column '" + column + "' is not in table '" + table.group(1) + "'; known columns: "
                        + String.join(", ", known);
    }

    /** The columns, or none if they cannot be told now: the error at hand matters more than this help. */
    private static List<String> columns(String table, Connection connection) {
        var names = new ArrayList<String>();
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT name FROM pragma_table_info(?) ORDER BY cid")) {
            statement.setString(1, table);
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    names.add(result.getString(1));
                }
            }
        } catch (SQLException unknown) {
            return List.of();
        }
        return names;
    }
}
