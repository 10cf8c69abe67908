package dev.bunary.orm.driver.sqlite;

import dev.bunary.orm.driver.Columns;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.driver.SqlException;
import dev.bunary.orm.driver.SqlFailure;
import dev.bunary.orm.driver.Values;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sqlite.core.CoreStatement;
import org.sqlite.core.DB;
import org.sqlite.core.SafeStmtPtr;

/**
 * The row a SQLite statement stands on, each value read by its own storage class: a column's declared type says
 * little in SQLite, and JDBC's getters convert where the ORM must refuse.
 *
 * <p>Reads go to sqlite-jdbc's native calls under the lock those take anyway, so that a connection that is closed from
 * another thread is seen before its memory is touched.
 */
final class SqliteRow implements Values {
    private static final int INTEGER = 1;
    private static final int REAL = 2;
    private static final int TEXT = 3;
    private static final int BLOB = 4;

    private final SafeStmtPtr guard;
    private final DB database;
    private final long statement;
    private final Columns columns;
    private final int size;
    private final boolean utf8;

    SqliteRow(CoreStatement statement, Columns columns, boolean utf8) throws SQLException {
        this.guard = statement.pointer;
        this.database = statement.getDatabase();
        this.statement = guard.safeRunLong((db, pointer) -> pointer);
        this.columns = columns;
        this.size = columns.size();
        this.utf8 = utf8;
    }

    @Override
    public Columns columns() {
        return columns;
    }

    @Override
    public @Nullable Object value(int column) {
        try {
            synchronized (database) {
                return switch (type(column)) {
                    case INTEGER -> database.column_long(statement, column);
                    case REAL -> database.column_double(statement, column);
                    case TEXT -> text(column);
                    case BLOB -> database.column_blob(statement, column);
                    default -> null;
                };
            }
        } catch (SQLException error) {
            throw unreadable(column, error);
        }
    }

    @Override
    public boolean isNull(int column) {
        try {
            synchronized (database) {
                int type = type(column);
                return type < INTEGER || type > BLOB;
            }
        } catch (SQLException error) {
            throw unreadable(column, error);
        }
    }

    @Override
    public long getLong(int column) {
        try {
            synchronized (database) {
                if (type(column) == INTEGER) {
                    return database.column_long(statement, column);
                }
            }
        } catch (SQLException error) {
            throw unreadable(column, error);
        }
        return Values.super.getLong(column);
    }

    @Override
    public int getInt(int column) {
        long value = getLong(column);
        return value == (int) value ? (int) value : Values.super.getInt(column);
    }

    @Override
    public double getDouble(int column) {
        try {
            synchronized (database) {
                if (type(column) == REAL) {
                    return database.column_double(statement, column);
                }
            }
        } catch (SQLException error) {
            throw unreadable(column, error);
        }
        return Values.super.getDouble(column);
    }

    @Override
    public String getString(int column) {
        try {
            synchronized (database) {
                if (type(column) == TEXT) {
                    return text(column);
                }
            }
        } catch (SQLException error) {
            throw unreadable(column, error);
        }
        return Values.super.getString(column);
    }

    private int type(int column) throws SQLException {
        Objects.checkIndex(column, size); // SQLite answers NULL for a column that is not there
        if (guard.isClosed()) {
            throw new SQLException("the statement was closed");
        }
        return database.column_type(statement, column);
    }

    /** In a UTF-8 database the bytes of a text are its blob, at half the price of {@code column_text}. */
    private String text(int column) throws SQLException {
        return utf8
                ? new String(database.column_blob(statement, column), StandardCharsets.UTF_8)
                : database.column_text(statement, column);
    }

    private OrmException unreadable(int column, SQLException error) {
        return new SqlException(new SqlFailure(
                "column '" + columns.label(column) + "' cannot be read: " + error.getMessage(),
                null,
                null,
                SqliteErrors.code(error),
                error));
    }
}
