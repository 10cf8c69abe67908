package dev.bunary.orm.benchmarks;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The SQLite database of the workloads, and plain JDBC connections to it with the settings that every subject has. Those of
 * the SQLite driver of Bunary ORM are also without SQLite's own mutex, as its sessions have a lock of their own.
 */
public final class Database {
    static final int USERS = 10_000;
    static final int POSTS_PER_USER = 5;

    private Database() {}

    /** A source of connections in WAL mode, synchronous NORMAL, foreign keys on. */
    public static DataSource source(Path file) {
        var config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
        config.enforceForeignKeys(true);
        config.setBusyTimeout(5_000);
        var source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }

    /** Makes the file. */
    static void create(Path file) throws SQLException {
        create(file, USERS);
    }

    static void create(Path file, int users) throws SQLException {
        try (Connection connection = source(file).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, age INTEGER NOT NULL,"
                            + " score REAL NOT NULL, created TEXT NOT NULL)");
            statement.execute(
                    "CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, title TEXT NOT NULL,"
                            + " body TEXT NOT NULL)");
            statement.execute(
                    "CREATE TABLE notes (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, title TEXT NOT NULL,"
                            + " body TEXT NOT NULL, stars INTEGER NOT NULL)");
            connection.setAutoCommit(false);
            fillUsers(connection, users);
            fillPosts(connection, users);
            statement.execute("CREATE INDEX posts_user ON posts (user_id)");
            connection.commit();
            connection.setAutoCommit(true);
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
    }

    private static void fillUsers(Connection connection, int users) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO users VALUES (?, ?, ?, ?, ?, ?)")) {
            for (int i = 1; i <= users; i++) {
                insert.setLong(1, i);
                insert.setString(2, "Name of " + i);
                insert.setString(3, "user" + i + "@example.org");
                insert.setInt(4, i % 90);
                insert.setDouble(5, i / 7.0);
                insert.setString(6, "2026-11-23T10:15:30.000000000Z");
                addBatch(insert, i);
            }
            insert.executeBatch();
        }
    }

    private static void fillPosts(Connection connection, int users) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO posts VALUES (?, ?, ?, ?)")) {
            for (int i = 0; i < users * POSTS_PER_USER; i++) {
                insert.setLong(1, i + 1);
                insert.setLong(2, i / POSTS_PER_USER + 1);
                insert.setString(3, "Title of " + i);
                insert.setString(4, "The body of post " + i + " is one line");
                addBatch(insert, i);
            }
            insert.executeBatch();
        }
    }

    private static void addBatch(PreparedStatement insert, int i) throws SQLException {
        insert.addBatch();
        if (i % 1_000 == 999) {
            insert.executeBatch();
        }
    }

    /** What the writing workloads left: all that they can change, in order. */
    static List<List<Object>> written(Path file) throws SQLException {
        try (Connection connection = source(file).getConnection();
                Statement statement = connection.createStatement()) {
            List<List<Object>> rows = rows(statement, "SELECT user_id, title, body, stars FROM notes ORDER BY id");
            rows.addAll(rows(statement, "SELECT id, age FROM users ORDER BY id"));
            return rows;
        }
    }

    private static List<List<Object>> rows(Statement statement, String sql) throws SQLException {
        var rows = new ArrayList<List<Object>>();
        try (ResultSet result = statement.executeQuery(sql)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                var row = new ArrayList<Object>(columns);
                for (int i = 1; i <= columns; i++) {
                    row.add(result.getObject(i));
                }
                rows.add(row);
            }
        }
        return rows;
    }
}
