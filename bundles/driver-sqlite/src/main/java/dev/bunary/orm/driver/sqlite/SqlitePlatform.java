package dev.bunary.orm.driver.sqlite;

import dev.bunary.orm.driver.Columns;
import dev.bunary.orm.driver.Dialect;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.driver.TransactionOptions;
import dev.bunary.orm.driver.Values;
import dev.bunary.orm.jdbc.JdbcPlatform;
import dev.bunary.orm.jdbc.JdbcSession;
import dev.bunary.orm.jdbc.StatementKind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sqlite.core.CoreStatement;
import org.sqlite.core.DB;

/** What is special about SQLite under JDBC. One per open database. */
final class SqlitePlatform implements JdbcPlatform {
    private static final Dialect DIALECT = new SqliteDialect();

    private final boolean sharedConnection;
    private volatile boolean utf8 = true;

    SqlitePlatform(SqliteSettings settings) {
        this.sharedConnection = settings.memory();
    }

    /** Told when the database is opened; fixed from its first table on. */
    void encoding(String name) {
        utf8 = name.equalsIgnoreCase("UTF-8");
    }

    @Override
    public Dialect dialect() {
        return DIALECT;
    }

    @Override
    public OrmException translate(SQLException error, @Nullable String sql, Connection connection) {
        return SqliteErrors.translate(error, sql, connection);
    }

    @Override
    public void bind(PreparedStatement statement, int index, @Nullable Object value) throws SQLException {
        SqliteStorage.bind(statement, index, value);
    }

    @Override
    public Values row(PreparedStatement statement, ResultSet result, Columns columns) throws SQLException {
        return new SqliteRow((CoreStatement) statement, columns, utf8);
    }

    /** SQLite prepares a statement again by itself when a table has changed; sqlite-jdbc's metadata then lags. */
    @Override
    public int columnCount(PreparedStatement statement, int known) throws SQLException {
        return ((CoreStatement) statement).pointer.safeRunInt(DB::column_count);
    }

    @Override
    public List<String> labels(PreparedStatement statement, ResultSet result) throws SQLException {
        return List.of(((CoreStatement) statement).pointer.safeRun(DB::column_names));
    }

    /** SQLite counts the rows of the last INSERT, UPDATE or DELETE, however many other statements ran since. */
    @Override
    public long update(PreparedStatement statement, StatementKind kind) throws SQLException {
        DB database = ((CoreStatement) statement).getDatabase();
        long before = database.total_changes();
        if (statement.execute()) {
            statement.getResultSet().close();
        }
        if (kind == StatementKind.OTHER) {
            readEncoding(statement.getConnection());
            return 0;
        }
        return kind == StatementKind.CHANGE && database.total_changes() != before ? database.changes() : 0;
    }

    @Override
    public void begin(JdbcSession session, TransactionOptions options) throws SQLException {
        if (options.readOnly() && sharedConnection) {
            session.execute("PRAGMA query_only = 1");
        }
        session.execute(options.readOnly() ? "BEGIN DEFERRED" : "BEGIN IMMEDIATE");
    }

    @Override
    public void commit(JdbcSession session, TransactionOptions options) throws SQLException {
        session.execute("COMMIT");
        allowWrites(session, options);
    }

    @Override
    public void rollback(JdbcSession session, TransactionOptions options) throws SQLException {
        try {
            session.execute("ROLLBACK");
        } catch (SQLException error) {
            // some errors, such as a full disk, make SQLite roll back by itself
            if (!String.valueOf(error.getMessage()).contains("no transaction is active")) {
                throw error;
            }
        }
        allowWrites(session, options);
    }

    private void allowWrites(JdbcSession session, TransactionOptions options) throws SQLException {
        if (options.readOnly() && sharedConnection) {
            session.execute("PRAGMA query_only = 0");
        }
    }

    /** A PRAGMA may set it while the database is empty. */
    private void readEncoding(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("PRAGMA encoding");
                ResultSet result = statement.executeQuery()) {
            if (result.next()) {
                encoding(result.getString(1));
            }
        }
    }
}
