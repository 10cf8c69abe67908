package dev.bunary.orm.benchmarks;

import dev.bunary.orm.Model;
import dev.bunary.orm.driver.Row;
import java.nio.file.Path;
import java.util.List;

/** Bunary ORM with generic rows throughout, from which objects are built only to compare results. */
final class BunaryRows implements Subject {
    private final BunaryOrm orm;

    BunaryRows(Path file) {
        orm = new BunaryOrm(file);
    }

    @Override
    public Object user(long id) {
        return Model.table("users").find(id).map(BunaryRows::user).orElseThrow();
    }

    @Override
    public Object row(long id) {
        return orm.row(id);
    }

    @Override
    public List<Row> hundred(int age) {
        return Model.table("users")
                .where("age", ">", age)
                .orderBy("id")
                .limit(100)
                .all();
    }

    @Override
    public List<Row> all() {
        return Model.table("users").all();
    }

    @Override
    public void insert(Note note) {
        orm.insert(note);
    }

    @Override
    public void insertAll(List<Note> notes) {
        orm.insertAll(notes);
    }

    @Override
    public void update(long id, int age) {
        orm.update(id, age);
    }

    @Override
    public long count(int age) {
        return orm.count(age);
    }

    @Override
    public List<Author> authors(int age) {
        List<User> users = hundred(age).stream().map(BunaryRows::user).toList();
        List<Post> posts =
                Model.table("posts")
                        .whereIn("user_id", users.stream().map(User::id).toList())
                        .orderBy("id")
                        .all()
                        .stream()
                        .map(row -> new Post(
                                row.getLong("id"),
                                row.getLong("user_id"),
                                row.getString("title"),
                                row.getString("body")))
                        .toList();
        return HandWritten.Sql.authors(users, posts);
    }

    private static User user(Row row) {
        return new User(
                row.getLong("id"),
                row.getString("name"),
                row.getString("email"),
                row.getInt("age"),
                row.getDouble("score"),
                row.getString("created"));
    }

    @Override
    public Object plain(Object result) {
        if (result instanceof List<?> rows && rows.get(0) instanceof Row) {
            return rows.stream().map(row -> user((Row) row)).toList();
        }
        return orm.plain(result);
    }

    @Override
    public void close() {
        orm.close();
    }
}
