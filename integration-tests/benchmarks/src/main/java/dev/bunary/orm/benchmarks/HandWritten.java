package dev.bunary.orm.benchmarks;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The reference: one connection, every statement prepared once and reused, columns read by index with typed getters. */
final class HandWritten implements Subject {
    private final Connection connection;
    private final PreparedStatement byKey;
    private final PreparedStatement hundred;
    private final PreparedStatement all;
    private final PreparedStatement insert;
    private final PreparedStatement update;
    private final PreparedStatement count;
    private final PreparedStatement posts;

    HandWritten(Path file) throws SQLException {
        connection = Database.source(file).getConnection();
        byKey = connection.prepareStatement(Sql.BY_KEY);
        hundred = connection.prepareStatement(Sql.HUNDRED);
        all = connection.prepareStatement(Sql.ALL);
        insert = connection.prepareStatement(Sql.INSERT);
        update = connection.prepareStatement(Sql.UPDATE);
        count = connection.prepareStatement(Sql.COUNT);
        posts = connection.prepareStatement(Sql.posts(100));
    }

    @Override
    public Object user(long id) throws SQLException {
        byKey.setLong(1, id);
        try (ResultSet result = byKey.executeQuery()) {
            result.next();
            return Sql.user(result);
        }
    }

    /** The cheapest form of a generic row: the values in an array, read by getters that know the types. */
    @Override
    public Object row(long id) throws SQLException {
        byKey.setLong(1, id);
        try (ResultSet result = byKey.executeQuery()) {
            result.next();
            return Sql.row(result);
        }
    }

    @Override
    public List<User> hundred(int age) throws SQLException {
        hundred.setInt(1, age);
        return Sql.users(hundred);
    }

    @Override
    public List<User> all() throws SQLException {
        return Sql.users(all);
    }

    @Override
    public void insert(Note note) throws SQLException {
        Sql.bind(insert, note);
        insert.executeUpdate();
    }

    @Override
    public void insertAll(List<Note> notes) throws SQLException {
        connection.setAutoCommit(false);
        for (Note note : notes) {
            Sql.bind(insert, note);
            insert.addBatch();
        }
        insert.executeBatch();
        connection.commit();
        connection.setAutoCommit(true);
    }

    @Override
    public void update(long id, int age) throws SQLException {
        update.setInt(1, age);
        update.setLong(2, id);
        update.executeUpdate();
    }

    @Override
    public long count(int age) throws SQLException {
        count.setInt(1, age);
        try (ResultSet result = count.executeQuery()) {
            result.next();
            return result.getLong(1);
        }
    }

    @Override
    public List<Author> authors(int age) throws SQLException {
        List<User> users = hundred(age);
        for (int i = 0; i < users.size(); i++) {
            posts.setLong(i + 1, users.get(i).id());
        }
        return Sql.authors(users, Sql.posts(posts));
    }

    @Override
    public Object plain(Object result) {
        return result instanceof Object[] row ? Arrays.asList(row) : result;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    /** The statements, and how their rows are read. */
    static final class Sql {
        static final String BY_KEY = "SELECT id, name, email, age, score, created FROM users WHERE id = ?";
        static final String HUNDRED =
                "SELECT id, name, email, age, score, created FROM users WHERE age > ? ORDER BY id LIMIT 100";
        static final String ALL = "SELECT id, name, email, age, score, created FROM users";
        static final String INSERT = "INSERT INTO notes (user_id, title, body, stars) VALUES (?, ?, ?, ?)";
        static final String UPDATE = "UPDATE users SET age = ? WHERE id = ?";
        static final String COUNT = "SELECT COUNT(*) FROM users WHERE age > ?";

        private Sql() {}

        static String posts(int users) {
            return "SELECT id, user_id, title, body FROM posts WHERE user_id IN ("
                    + String.join(", ", Collections.nCopies(users, "?")) + ") ORDER BY id";
        }

        static User user(ResultSet result) throws SQLException {
            return new User(
                    result.getLong(1),
                    result.getString(2),
                    result.getString(3),
                    result.getInt(4),
                    result.getDouble(5),
                    result.getString(6));
        }

        static Object[] row(ResultSet result) throws SQLException {
            return new Object[] {
                result.getLong(1),
                result.getString(2),
                result.getString(3),
                result.getLong(4),
                result.getDouble(5),
                result.getString(6)
            };
        }

        static List<User> users(PreparedStatement statement) throws SQLException {
            var users = new ArrayList<User>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    users.add(user(result));
                }
            }
            return users;
        }

        static List<Post> posts(PreparedStatement statement) throws SQLException {
            var posts = new ArrayList<Post>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    posts.add(new Post(result.getLong(1), result.getLong(2), result.getString(3), result.getString(4)));
                }
            }
            return posts;
        }

        static void bind(PreparedStatement insert, Note note) throws SQLException {
            insert.setLong(1, note.userId());
            insert.setString(2, note.title());
            insert.setString(3, note.body());
            insert.setInt(4, note.stars());
        }

        static List<Author> authors(List<User> users, List<Post> posts) {
            Map<Long, List<Post>> byUser = new HashMap<>();
            var authors = new ArrayList<Author>(users.size());
            for (User user : users) {
                var own = new ArrayList<Post>();
                byUser.put(user.id(), own);
                authors.add(new Author(user, own));
            }
            for (Post post : posts) {
                byUser.get(post.userId()).add(post);
            }
            return authors;
        }
    }
}
