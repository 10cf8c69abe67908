package dev.bunary.orm.driver.tck;

import dev.bunary.orm.driver.Columns;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.QueryResult;
import dev.bunary.orm.driver.Row;
import dev.bunary.orm.driver.SqlException;
import dev.bunary.orm.driver.SqlFailure;
import dev.bunary.orm.driver.TransactionCallback;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.sqlite.jdbc4.JDBC4Connection;

/** The smallest complete driver: four methods on one JDBC connection, one thread at a time. */
final class FourMethodDriver implements DatabaseDriver {
    private static final Pattern CHANGES_ROWS = Pattern.compile("(?i)\\s*(INSERT|UPDATE|DELETE|REPLACE|WITH)\\b");

    private final Connection connection;

    FourMethodDriver(DatabaseConfig config) {
        String file = config.require("path");
        connection = jdbc(null, () -> new JDBC4Connection("jdbc:sqlite:" + file, file, new Properties()));
    }

    @Override
    public QueryResult query(String sql, @Nullable Object... params) {
        return () -> rows(sql, params);
    }

    @Override
    public synchronized long exec(String sql, @Nullable Object... params) {
        return jdbc(sql, () -> {
            try (PreparedStatement statement = bind(sql, params)) {
                long affected = statement.executeLargeUpdate();
                // sqlite-jdbc repeats the last count for a statement that changes no rows, such as CREATE TABLE
                return CHANGES_ROWS.matcher(sql).lookingAt() ? affected : 0;
            }
        });
    }

    @Override
    public synchronized <T extends @Nullable Object> T transaction(TransactionCallback<T> work) {
        exec("BEGIN");
        try {
            T result = work.run(this);
            exec("COMMIT");
            return result;
        } catch (Throwable failure) {
            rollback(failure);
            throw failure;
        }
    }

    /** A rollback that fails as well, as after a full disk, must not hide what led to it. */
    private void rollback(Throwable failure) {
        try {
            exec("ROLLBACK");
        } catch (SqlException second) {
            failure.addSuppressed(second);
        }
    }

    @Override
    public synchronized void close() {
        jdbc(null, () -> {
            connection.close();
            return true;
        });
    }

    private synchronized List<Row> rows(String sql, @Nullable Object[] params) {
        return jdbc(sql, () -> {
            try (PreparedStatement statement = bind(sql, params);
                    ResultSet result = statement.executeQuery()) {
                return read(result);
            }
        });
    }

    private PreparedStatement bind(String sql, @Nullable Object[] params) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        int expected = statement.getParameterMetaData().getParameterCount();
        if (expected != params.length) {
            statement.close();
            throw new SQLException(expected + " parameters expected, " + params.length + " given");
        }
        for (int i = 0; i < params.length; i++) {
            statement.setObject(i + 1, params[i] instanceof Enum<?> constant ? constant.name() : params[i]);
        }
        return statement;
    }

    private static List<Row> read(ResultSet result) throws SQLException {
        var labels = new ArrayList<String>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
            labels.add(result.getMetaData().getColumnLabel(i));
        }
        Columns columns = Columns.of(labels);
        var rows = new ArrayList<Row>();
        while (result.next()) {
            Object[] values = new Object[columns.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = result.getObject(i + 1);
            }
            rows.add(Row.of(columns, values));
        }
        return rows;
    }

    private static <T> T jdbc(@Nullable String sql, Call<T> call) {
        try {
            return call.run();
        } catch (SQLException refused) {
            throw new SqlException(new SqlFailure(
                    String.valueOf(refused.getMessage()), sql, refused.getSQLState(), refused.getErrorCode(), refused));
        }
    }

    @FunctionalInterface
    private interface Call<T> {
        T run() throws SQLException;
    }
}
