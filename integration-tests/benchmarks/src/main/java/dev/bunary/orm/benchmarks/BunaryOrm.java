package dev.bunary.orm.benchmarks;

import dev.bunary.orm.Bunary;
import dev.bunary.orm.Model;
import dev.bunary.orm.OrmConfig;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.Row;
import dev.bunary.orm.driver.RowReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Bunary ORM through {@code Model.table}, with row readers that build records; generic rows where those are asked for. */
final class BunaryOrm implements Subject {
    static final RowReader<User> USERS = columns -> {
        int id = columns.index("id");
        int name = columns.index("name");
        int email = columns.index("email");
        int age = columns.index("age");
        int score = columns.index("score");
        int created = columns.index("created");
        return row -> new User(
                row.getLong(id),
                row.getString(name),
                row.getString(email),
                row.getInt(age),
                row.getDouble(score),
                row.getString(created));
    };
    static final RowReader<Post> POSTS = columns -> {
        int id = columns.index("id");
        int userId = columns.index("user_id");
        int title = columns.index("title");
        int body = columns.index("body");
        return row -> new Post(row.getLong(id), row.getLong(userId), row.getString(title), row.getString(body));
    };

    BunaryOrm(Path file) {
        Bunary.setOrmConfig(config(file));
    }

    static OrmConfig config(Path file) {
        return OrmConfig.of(DatabaseConfig.of("sqlite", Map.of("path", file.toString())));
    }

    @Override
    public Object user(long id) {
        return Model.table("users").as(USERS).find(id).orElseThrow();
    }

    @Override
    public Object row(long id) {
        return Model.table("users").find(id).orElseThrow();
    }

    @Override
    public List<User> hundred(int age) {
        return Model.table("users")
                .where("age", ">", age)
                .orderBy("id")
                .limit(100)
                .as(USERS)
                .all();
    }

    @Override
    public List<User> all() {
        return Model.table("users").as(USERS).all();
    }

    @Override
    public void insert(Note note) {
        Model.table("notes").insert(values(note));
    }

    @Override
    public void insertAll(List<Note> notes) {
        List<Map<String, Object>> rows = new ArrayList<>(notes.size());
        for (Note note : notes) {
            rows.add(values(note));
        }
        Model.table("notes").insertAll(rows);
    }

    static Map<String, Object> values(Note note) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("user_id", note.userId());
        values.put("title", note.title());
        values.put("body", note.body());
        values.put("stars", note.stars());
        return values;
    }

    @Override
    public void update(long id, int age) {
        Model.table("users").where("id", id).update(Map.of("age", age));
    }

    @Override
    public long count(int age) {
        return Model.table("users").where("age", ">", age).count();
    }

    @Override
    public List<Author> authors(int age) {
        List<User> users = hundred(age);
        List<Long> ids = users.stream().map(User::id).toList();
        List<Post> posts = Model.table("posts")
                .whereIn("user_id", ids)
                .orderBy("id")
                .as(POSTS)
                .all();
        return HandWritten.Sql.authors(users, posts);
    }

    @Override
    public Object plain(Object result) {
        return result instanceof Row row ? new ArrayList<>(row.toMap().values()) : result;
    }

    @Override
    public void close() {
        Bunary.clearOrmConfig();
    }
}
