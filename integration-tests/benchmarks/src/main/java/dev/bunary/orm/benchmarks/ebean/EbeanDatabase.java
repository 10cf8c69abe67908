package dev.bunary.orm.benchmarks.ebean;

import dev.bunary.orm.benchmarks.Author;
import dev.bunary.orm.benchmarks.Note;
import dev.bunary.orm.benchmarks.Post;
import dev.bunary.orm.benchmarks.Subject;
import io.ebean.Database;
import io.ebean.DatabaseBuilder;
import io.ebean.SqlRow;
import io.ebean.Transaction;
import io.ebean.config.DatabaseConfig;
import io.ebean.datasource.DataSourceBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Ebean with beans that its build plugin enhanced. */
public final class EbeanDatabase implements Subject {
    private static final List<String> COLUMNS = List.of("id", "name", "email", "age", "score", "created");

    /** Users as beans, each with its posts. */
    private record Loaded(UserEntity user, List<PostEntity> posts) {}

    private final Database database;

    public EbeanDatabase(Path file) {
        DatabaseBuilder builder = new DatabaseConfig()
                .name("benchmarks")
                .dataSourceBuilder(source(file))
                .addClass(UserEntity.class)
                .addClass(PostEntity.class)
                .addClass(NoteEntity.class)
                .ddlGenerate(false)
                .register(false)
                .defaultDatabase(false);
        database = builder.build();
    }

    /** Its own pool, which keeps prepared statements, with the settings of the others. */
    private static DataSourceBuilder source(Path file) {
        return DataSourceBuilder.create()
                .url("jdbc:sqlite:" + file + "?journal_mode=WAL&synchronous=NORMAL&foreign_keys=on&busy_timeout=5000")
                .driver("org.sqlite.JDBC")
                .username("")
                .password("")
                .minConnections(1)
                .maxConnections(2);
    }

    @Override
    public Object user(long id) {
        return database.find(UserEntity.class, id);
    }

    @Override
    public Object row(long id) {
        return database.sqlQuery("SELECT id, name, email, age, score, created FROM users WHERE id = ?")
                .setParameter(id)
                .findOne();
    }

    @Override
    public List<UserEntity> hundred(int age) {
        return database.find(UserEntity.class)
                .where()
                .gt("age", age)
                .orderBy("id")
                .setMaxRows(100)
                .findList();
    }

    @Override
    public List<UserEntity> all() {
        return database.find(UserEntity.class).findList();
    }

    @Override
    public void insert(Note note) {
        database.insert(NoteEntity.of(note));
    }

    @Override
    public void insertAll(List<Note> notes) {
        try (Transaction transaction = database.beginTransaction()) {
            transaction.setBatchMode(true);
            transaction.setBatchSize(1_000);
            transaction.setGetGeneratedKeys(false);
            database.insertAll(notes.stream().map(NoteEntity::of).toList());
            transaction.commit();
        }
    }

    @Override
    public void update(long id, int age) {
        database.update(UserEntity.class).set("age", age).where().idEq(id).update();
    }

    @Override
    public long count(int age) {
        return database.find(UserEntity.class).where().gt("age", age).findCount();
    }

    @Override
    public List<?> authors(int age) {
        List<UserEntity> users = hundred(age);
        Map<Long, List<PostEntity>> byUser = new HashMap<>();
        var loaded = new ArrayList<Loaded>(users.size());
        for (UserEntity user : users) {
            var own = new ArrayList<PostEntity>();
            byUser.put(user.getId(), own);
            loaded.add(new Loaded(user, own));
        }
        database.find(PostEntity.class)
                .where()
                .in("userId", byUser.keySet())
                .orderBy("id")
                .findList()
                .forEach(post -> byUser.get(post.getUserId()).add(post));
        return loaded;
    }

    @Override
    public Object plain(Object result) {
        if (result instanceof UserEntity user) {
            return user.plain();
        }
        if (result instanceof SqlRow row) {
            return COLUMNS.stream().map(row::get).toList();
        }
        if (result instanceof Loaded loaded) {
            List<Post> posts = loaded.posts().stream().map(PostEntity::plain).toList();
            return new Author(loaded.user().plain(), posts);
        }
        return result instanceof List<?> list ? list.stream().map(this::plain).toList() : result;
    }

    @Override
    public void close() {
        database.shutdown(true, false);
    }
}
