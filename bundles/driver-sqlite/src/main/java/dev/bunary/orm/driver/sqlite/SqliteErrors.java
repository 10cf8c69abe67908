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
import java.sql.SQLException;
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

    private SqliteErrors() {}

    /** The extended result code, or 0 if the error is sqlite-jdbc's own. */
    static int code(SQLException error) {
        return error instanceof SQLiteException sqlite ? sqlite.getResultCode().code : 0;
    }

    static OrmException translate(SQLException error, @Nullable String sql) {
        int code = code(error);
        return typed(code, new SqlFailure(text(error), sql, error.getSQLState(), code, error));
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
}
