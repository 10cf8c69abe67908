package dev.bunary.orm.query;

import dev.bunary.orm.driver.BadSqlException;
import dev.bunary.orm.driver.Columns;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.InvalidQueryException;
import dev.bunary.orm.driver.NotNullViolationException;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.driver.QueryResult;
import dev.bunary.orm.driver.Row;
import dev.bunary.orm.driver.SqlException;
import dev.bunary.orm.driver.SqlFailure;
import dev.bunary.orm.driver.TransactionCallback;
import dev.bunary.orm.driver.UniqueViolationException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteException;
import org.sqlite.jdbc4.JDBC4Connection;

/**
 * A complete driver of four methods: plain JDBC on one SQLite connection, no override of a default. It proves that four
 * suffice. Its dialect is the standard one, whose double quotes SQLite takes for text where no column has the name; tests
 * of misspelt columns use {@link SqliteDialect} instead.
 */
public class FourMethodDriver implements DatabaseDriver {
    private final Connection connection;
    private final ReentrantLock lock = new ReentrantLock();
    private int depth;

    /**
     * Opens a database.
     *
     * @param path a file, or {@code :memory:}
     */
    public FourMethodDriver(String path) {
        try {
            connection = new JDBC4Connection("jdbc:sqlite:" + path, path, new Properties());
        } catch (SQLException failure) {
            throw typed(failure, "");
        }
    }

    @Override
    public QueryResult query(String sql, @Nullable Object... params) {
        return () -> run(sql, params, statement -> {
            try (ResultSet results = statement.executeQuery()) {
                return rows(results);
            }
        });
    }

    @Override
    public long exec(String sql, @Nullable Object... params) {
        return this.<Long>run(sql, params, statement -> (long) statement.executeUpdate());
    }

    @Override
    public <T extends @Nullable Object> T transaction(TransactionCallback<T> work) {
        lock.lock();
        String savepoint = "level_" + depth++;
        try {
            exec(depth == 1 ? "BEGIN" : "SAVEPOINT " + savepoint);
            T result = work.run(this);
            exec(depth == 1 ? "COMMIT" : "RELEASE " + savepoint);
            return result;
        } catch (RuntimeException | Error failure) {
            exec(depth == 1 ? "ROLLBACK" : "ROLLBACK TO " + savepoint);
            throw failure;
        } finally {
            depth--;
            lock.unlock();
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException failure) {
            throw typed(failure, "");
        }
    }

    private interface Work<R> {
        R run(PreparedStatement statement) throws SQLException;
    }

    private <R> R run(String sql, @Nullable Object[] params, Work<R> work) {
        lock.lock();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int wanted = statement.getParameterMetaData().getParameterCount();
            if (wanted != params.length) {
                throw new InvalidQueryException(
                        "the statement has " + wanted + " parameters, but was given " + params.length);
            }
            for (int i = 0; i < params.length; i++) {
                statement.setObject(i + 1, stored(params[i]));
            }
            return work.run(statement);
        } catch (SQLException failure) {
            throw typed(failure, sql);
        } finally {
            lock.unlock();
        }
    }

    private static List<Row> rows(ResultSet results) throws SQLException {
        ResultSetMetaData data = results.getMetaData();
        var labels = new ArrayList<String>();
        for (int i = 1; i <= data.getColumnCount(); i++) {
            labels.add(data.getColumnLabel(i));
        }
        Columns columns = Columns.of(labels);
        var rows = new ArrayList<Row>();
        while (results.next()) {
            @Nullable Object[] values = new Object[columns.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = results.getObject(i + 1);
            }
            rows.add(Row.of(columns, values));
        }
        return rows;
    }

    private static @Nullable Object stored(@Nullable Object value) {
        if (value instanceof Boolean bool) {
            return bool ? 1 : 0;
        }
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        return value instanceof Temporal || value instanceof UUID || value instanceof BigInteger
                ? value.toString()
                : value;
    }

    private OrmException typed(SQLException failure, String sql) {
        int code = failure instanceof SQLiteException sqlite ? sqlite.getResultCode().code : failure.getErrorCode();
        var said = new SqlFailure(String.valueOf(failure.getMessage()), sql, null, code, failure);
        return switch (code) {
            case 1 -> new BadSqlException(said);
            case 1555, 2067 -> new UniqueViolationException(said);
            case 1299 -> new NotNullViolationException(said);
            default -> isClosed() ? new DriverClosedException("the driver is closed", failure) : new SqlException(said);
        };
    }

    private boolean isClosed() {
        try {
            return connection == null || connection.isClosed();
        } catch (SQLException unknown) {
            return true;
        }
    }
}
