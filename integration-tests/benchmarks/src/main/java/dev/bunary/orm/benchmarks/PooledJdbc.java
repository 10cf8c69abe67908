package dev.bunary.orm.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.bunary.orm.benchmarks.HandWritten.Sql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/** JDBC as most applications use it: a connection from HikariCP and a statement prepared for each operation. */
final class PooledJdbc implements Subject {
    private final HikariDataSource pool;

    PooledJdbc(Path file) {
        pool = pool(file);
    }

    /** The pool of this and other subjects. */
    static HikariDataSource pool(Path file) {
        var config = new HikariConfig();
        config.setDataSource(Database.source(file));
        config.setMaximumPoolSize(2);
        return new HikariDataSource(config);
    }

    @Override
    public Object user(long id) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(Sql.BY_KEY)) {
            statement.setLong(1, id);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return Sql.user(result);
            }
        }
    }

    @Override
    public Object row(long id) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(Sql.BY_KEY)) {
            statement.setLong(1, id);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return Sql.row(result);
            }
        }
    }

    @Override
    public List<User> hundred(int age) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return hundred(connection, age);
        }
    }

    private static List<User> hundred(Connection connection, int age) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(Sql.HUNDRED)) {
            statement.setInt(1, age);
            return Sql.users(statement);
        }
    }

    @Override
    public List<User> all() throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(Sql.ALL)) {
            return Sql.users(statement);
        }
    }

    @Override
    public void insert(Note note) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(Sql.INSERT)) {
            Sql.bind(statement, note);
            statement.executeUpdate();
        }
    }

    @Override
    public void insertAll(List<Note> notes) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement statement = connection.prepareStatement(Sql.INSERT)) {
                for (Note note : notes) {
                    Sql.bind(statement, note);
                    statement.addBatch();
                }
                statement.executeBatch();
            }
            connection.commit();
        }
    }

    @Override
    public void update(long id, int age) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(Sql.UPDATE)) {
            statement.setInt(1, age);
            statement.setLong(2, id);
            statement.executeUpdate();
        }
    }

    @Override
    public long count(int age) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(Sql.COUNT)) {
            statement.setInt(1, age);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return result.getLong(1);
            }
        }
    }

    @Override
    public List<Author> authors(int age) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            List<User> users = hundred(connection, age);
            try (PreparedStatement statement = connection.prepareStatement(Sql.posts(users.size()))) {
                for (int i = 0; i < users.size(); i++) {
                    statement.setLong(i + 1, users.get(i).id());
                }
                return Sql.authors(users, Sql.posts(statement));
            }
        }
    }

    @Override
    public Object plain(Object result) {
        return result instanceof Object[] row ? Arrays.asList(row) : result;
    }

    @Override
    public void close() {
        pool.close();
    }
}
