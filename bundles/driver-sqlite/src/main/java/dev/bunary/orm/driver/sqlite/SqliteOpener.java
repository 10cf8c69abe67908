package dev.bunary.orm.driver.sqlite;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.LockTimeoutException;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.driver.SqlFailure;
import dev.bunary.orm.jdbc.JdbcSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteOpenMode;
import org.sqlite.jdbc4.JDBC4Connection;

/**
 * Opens connections to one database. Never through {@code DriverManager} nor {@code org.sqlite.JDBC}, which registers
 * itself there: that would keep this driver's class loader, and its native library, after it was swapped.
 */
final class SqliteOpener {
    private static final int STATEMENTS = 256;

    private final SqliteSettings settings;
    private final SqlitePlatform platform;
    private final @Nullable Path file;

    SqliteOpener(SqliteSettings settings, SqlitePlatform platform) {
        this.settings = settings;
        this.platform = platform;
        this.file = settings.memory() ? null : checked(settings.file());
        NativeLibrary.load();
    }

    /**
     * The first connection: proves that the file is a database before anything is changed in it.
     *
     * @param patience milliseconds to wait for a lock until it is open
     * @throws LockTimeoutException if the file is locked for longer
     */
    JdbcSession openWriter(int patience) {
        SQLiteConnection connection = null;
        try {
            connection = connect(patience);
            pragma(connection, "schema_version");
            if (!settings.memory() && !settings.readOnly()) {
                setJournalMode(connection);
            }
            pragma(connection, "synchronous = " + settings.synchronous());
            platform.encoding(pragma(connection, "encoding"));
            connection.setBusyTimeout(settings.busyTimeout());
            return new JdbcSession(connection, STATEMENTS);
        } catch (SQLException error) {
            closeAfter(error, connection);
            throw refused(error);
        } catch (RuntimeException error) {
            closeAfter(error, connection);
            throw error;
        }
    }

    /**
     * A reader that knows the schema, which it would otherwise read with its first statement.
     *
     * @param patience milliseconds to wait for a lock until then
     * @throws LockTimeoutException if the file is locked for longer
     */
    JdbcSession openReaderWithSchema(int patience) {
        SQLiteConnection connection = null;
        try {
            connection = connect(patience);
            pragma(connection, "query_only = 1");
            pragma(connection, "table_info(sqlite_schema)");
            connection.setBusyTimeout(settings.busyTimeout());
            return new JdbcSession(connection, STATEMENTS);
        } catch (SQLException error) {
            closeAfter(error, connection);
            throw refused(error);
        }
    }

    /** A connection that cannot write. */
    JdbcSession openReader() throws SQLException {
        SQLiteConnection connection = connect(settings.busyTimeout());
        try {
            pragma(connection, "query_only = 1");
            return new JdbcSession(connection, STATEMENTS);
        } catch (SQLException | RuntimeException error) {
            closeAfter(error, connection);
            throw error;
        }
    }

    private SQLiteConnection connect(int busyTimeout) throws SQLException {
        var config = new SQLiteConfig();
        config.setBusyTimeout(busyTimeout);
        config.enforceForeignKeys(true);
        // SQLite's own mutex would be taken at every value read; sqlite-jdbc's calls hold the connection's Java lock
        // already, but for interrupt(), which SQLite allows from any thread (sqlite.org/threadsafe.html)
        config.setOpenMode(SQLiteOpenMode.NOMUTEX);
        if (settings.readOnly() && file != null) {
            config.resetOpenMode(SQLiteOpenMode.CREATE);
            config.resetOpenMode(SQLiteOpenMode.READWRITE);
            config.setOpenMode(SQLiteOpenMode.READONLY);
        }
        Properties properties = config.toProperties();
        String name = file == null ? SqliteSettings.MEMORY : file.toString();
        var connection = new JDBC4Connection("jdbc:sqlite:" + name, name, properties);
        // sqlite-jdbc follows every statement with an empty BEGIN and COMMIT while it believes in auto-commit. The
        // database itself stays in auto-commit; transactions here are BEGIN and COMMIT in plain SQL.
        connection.getConnectionConfig().setAutoCommit(false);
        return connection;
    }

    private void setJournalMode(SQLiteConnection connection) throws SQLException {
        String wanted = settings.journalMode();
        String now = pragma(connection, "journal_mode");
        if (!now.equalsIgnoreCase(wanted)) {
            now = pragma(connection, "journal_mode = " + wanted);
        }
        if (!now.equalsIgnoreCase(wanted)) {
            throw new ConfigurationException("sqlite path '" + settings.path() + "' stays in journal mode "
                    + now.toLowerCase(Locale.ROOT) + "; set journalMode to it, or keep the file where " + wanted
                    + " works");
        }
    }

    private static String pragma(SQLiteConnection connection, String pragma) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (!statement.execute("PRAGMA " + pragma)) {
                return "";
            }
            try (ResultSet result = statement.getResultSet()) {
                return result.next() ? result.getString(1) : "";
            }
        }
    }

    private Path checked(Path file) {
        Path parent = file.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new ConfigurationException("sqlite path '" + settings.path()
                    + "' is in a folder that does not exist; " + "create " + parent + " first");
        }
        if (Files.isDirectory(file)) {
            throw new ConfigurationException("sqlite path '" + settings.path() + "' is a directory; name a file in it");
        }
        if (settings.readOnly() && !Files.exists(file)) {
            throw new ConfigurationException(
                    "sqlite path '" + settings.path() + "' does not exist and readOnly is true; name an existing file");
        }
        if (Files.exists(file) ? !Files.isReadable(file) : !Files.isWritable(parent)) {
            throw new ConfigurationException("sqlite path '" + settings.path() + "' cannot be "
                    + (Files.exists(file) ? "read" : "created") + " with this process's rights");
        }
        if (!settings.readOnly() && Files.exists(file) && !Files.isWritable(file)) {
            throw new ConfigurationException(
                    "sqlite path '" + settings.path() + "' is not writable; make it so, or set readOnly to true");
        }
        return file;
    }

    private OrmException refused(SQLException error) {
        int code = SqliteErrors.code(error) & 0xff;
        if (code == SqliteErrors.BUSY) { // not wrong, so callers are to wait and it is to be tried again
            return new LockTimeoutException(new SqlFailure(
                    "sqlite path '" + settings.path() + "' is locked; retry when whoever writes to it has ended",
                    null,
                    null,
                    code,
                    error));
        }
        String why = switch (code) {
            case SqliteErrors.NOTADB -> "is not a SQLite database; name another file";
            case SqliteErrors.READONLY -> "cannot be written; make it writable, or set readOnly to true";
            case SqliteErrors.CORRUPT -> "is damaged; restore it from a backup";
            default -> "cannot be opened; check that the file and its folder can be read and written";
        };
        return new ConfigurationException("sqlite path '" + settings.path() + "' " + why, error);
    }

    private static void closeAfter(Exception error, @Nullable SQLiteConnection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException second) {
            error.addSuppressed(second);
        }
    }
}
