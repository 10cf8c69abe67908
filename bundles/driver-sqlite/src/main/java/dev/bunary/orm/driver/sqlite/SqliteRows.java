package dev.bunary.orm.driver.sqlite;

import dev.bunary.orm.driver.Columns;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.driver.SqlException;
import dev.bunary.orm.driver.SqlFailure;
import dev.bunary.orm.driver.Values;
import dev.bunary.orm.jdbc.ResultRows;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sqlite.core.Codes;
import org.sqlite.core.CoreStatement;
import org.sqlite.core.DB;
import org.sqlite.core.SafeStmtPtr;

/**
 * The rows of a running SQLite statement and the values of the one it stands on, each read by its own storage class: a column's declared type says
 * little in SQLite, and JDBC's getters convert where the ORM must refuse.
 *
 * <p>Reads go to sqlite-jdbc's native calls under the lock those take anyway, so that a connection that is closed from
 * another thread is seen before its memory is touched.
 */
final class SqliteRows implements ResultRows, Values {
    private static final int INTEGER = 1;
    private static final int REAL = 2;
    private static final int TEXT = 3;
    private static final int BLOB = 4;
    private static final Columns NONE = Columns.of(List.of());

    private enum Position {
        BEFORE_FIRST,
        ON_ROW,
        AFTER_LAST,
        CLOSED
    }

    private final SafeStmtPtr guard;
    private final DB database;
    private final long statement;
    private final boolean utf8;
    private Position position;
    private Columns columns = NONE;
    private int size;

    /** Takes over an execution that has made its first step. */
    SqliteRows(CoreStatement statement, boolean row, boolean utf8) throws SQLException {
        this.guard = statement.pointer;
        this.database = statement.getDatabase();
        this.statement = guard.safeRunLong((db, pointer) -> pointer);
        this.position = row ? Position.BEFORE_FIRST : Position.AFTER_LAST;
        this.utf8 = utf8;
    }

    @Override
    public List<String> labels() throws SQLException {
        return List.of(guard.safeRun(DB::column_names));
    }

    /** SQLite prepares a statement again by itself when a table has changed. */
    @Override
    public int columnCount(int known) throws SQLException {
        synchronized (database) {
            checkOpen();
            return database.column_count(statement);
        }
    }

    @Override
    public Values values(Columns columns) {
        this.columns = columns;
        this.size = columns.size();
        return this;
    }

    @Override
    public boolean next() throws SQLException {
        if (position == Position.ON_ROW) {
            step();
        } else if (position == Position.BEFORE_FIRST) {
            position = Position.ON_ROW; // the execution made this step
        }
        return position == Position.ON_ROW;
    }

    private void step() throws SQLException {
        int result;
        synchronized (database) {
            checkOpen();
            result = database.step(statement);
        }
        if (result == Codes.SQLITE_DONE) {
            position = Position.AFTER_LAST;
        } else if (result != Codes.SQLITE_ROW) {
            database.throwex(result);
        }
    }

    /** Ends the read transaction of an autocommit query. */
    @Override
    public void close() throws SQLException {
        if (position == Position.CLOSED) {
            return;
        }
        position = Position.CLOSED;
        synchronized (database) {
            if (!guard.isClosed()) {
                end(database, statement);
            }
        }
    }

    /** A statement that was not read to its end commits here, and that may fail. */
    static void end(DB database, long statement) throws SQLException {
        int result = database.reset(statement);
        if (result != Codes.SQLITE_OK) {
            database.throwex(result);
        }
    }

    private void checkOpen() throws SQLException {
        if (guard.isClosed()) {
            throw new SQLException("the statement was closed");
        }
    }

    @Override
    public Columns columns() {
        return columns;
    }

    @Override
    public @Nullable Object value(int column) {
        try {
            synchronized (database) {
                return stored(column, type(column));
            }
        } catch (SQLException error) {
            throw unreadable(column, error);
        }
    }

    /** Locks once for all values. */
    @Override
    public @Nullable Object[] toArray() {
        Object[] values = new Object[size];
        int column = 0;
        try {
            synchronized (database) {
                checkOpen();
                for (; column < values.length; column++) {
                    values[column] = stored(column, database.column_type(statement, column));
                }
            }
        } catch (SQLException error) {
            throw unreadable(column, error);
        }
        return values;
    }

    private @Nullable Object stored(int column, int type) throws SQLException {
        return switch (type) {
            case INTEGER -> database.column_long(statement, column);
            case REAL -> database.column_double(statement, column);
            case TEXT -> text(column);
            case BLOB -> database.column_blob(statement, column);
            default -> null;
        };
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
        checkOpen();
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
