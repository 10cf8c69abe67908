package dev.bunary.orm.driver.sqlite;

import dev.bunary.orm.driver.Dialect;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.driver.TransactionOptions;
import dev.bunary.orm.jdbc.JdbcPlatform;
import dev.bunary.orm.jdbc.JdbcSession;
import dev.bunary.orm.jdbc.ResultRows;
import dev.bunary.orm.jdbc.StatementKind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sqlite.core.CoreStatement;
import org.sqlite.core.DB;
import org.sqlite.core.SafeStmtPtr;

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
        return SqliteErrors.translate(error, sql);
    }

    @Override
    public void bind(PreparedStatement statement, int index, @Nullable Object value) throws SQLException {
        statement.setObject(index, SqliteStorage.stored(index, value));
    }

    @Override
    public boolean givesRows(PreparedStatement statement) throws SQLException {
        return pointer(statement).safeRunInt(DB::column_count) > 0;
    }

    /** Goes to sqlite-jdbc's core: its PreparedStatement and ResultSet reset and lock a good deal more per call. */
    @Override
    public ResultRows query(PreparedStatement statement, @Nullable Object[] params) throws SQLException {
        var core = (CoreStatement) statement;
        boolean row = core.getDatabase().execute(core, SqliteStorage.stored(params));
        return new SqliteRows(core, row, utf8);
    }

    @Override
    public long update(PreparedStatement statement, StatementKind kind, @Nullable Object[] params) throws SQLException {
        return update(statement, kind, params, givesRows(statement));
    }

    /** Row by row, which is all that sqlite-jdbc's batches do, after they have copied every parameter. */
    @Override
    public long[] updateAll(PreparedStatement statement, StatementKind kind, List<@Nullable Object[]> rows)
            throws SQLException {
        boolean givesRows = givesRows(statement);
        long[] affected = new long[rows.size()];
        synchronized (((CoreStatement) statement).getDatabase()) { // spares each call taking it
            for (int i = 0; i < affected.length; i++) {
                affected[i] = update(statement, kind, rows.get(i), givesRows);
            }
        }
        return affected;
    }

    private long update(PreparedStatement statement, StatementKind kind, @Nullable Object[] params, boolean givesRows)
            throws SQLException {
        var core = (CoreStatement) statement;
        DB database = core.getDatabase();
        long before = givesRows ? database.total_changes() : 0;
        if (database.execute(core, SqliteStorage.stored(params))) {
            core.pointer.safeRunConsume(SqliteRows::end); // it stands on a row; without one sqlite-jdbc has ended it
        }
        long affected = kind == StatementKind.CHANGE ? database.changes() : 0;
        if (kind == StatementKind.OTHER) {
            readEncoding(statement.getConnection());
        }
        // SQLite tells of the last INSERT, UPDATE or DELETE, also when a WITH ... SELECT ran since
        return givesRows && database.total_changes() == before ? 0 : affected;
    }

    private static SafeStmtPtr pointer(PreparedStatement statement) {
        return ((CoreStatement) statement).pointer;
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
