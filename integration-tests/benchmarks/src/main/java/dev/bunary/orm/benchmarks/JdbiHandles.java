package dev.bunary.orm.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.bunary.orm.benchmarks.HandWritten.Sql;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Jdbi's fluent API with handles and row mappers. */
final class JdbiHandles implements Subject {
    private static final RowMapper<User> USERS = (result, context) -> Sql.user(result);
    private static final RowMapper<Post> POSTS = (result, context) ->
            new Post(result.getLong(1), result.getLong(2), result.getString(3), result.getString(4));

    private final HikariDataSource pool;
    private final Jdbi jdbi;

    JdbiHandles(Path file) {
        pool = PooledJdbc.pool(file);
        jdbi = Jdbi.create(pool);
    }

    @Override
    public Object user(long id) {
        return jdbi.withHandle(
                handle -> handle.createQuery(Sql.BY_KEY).bind(0, id).map(USERS).one());
    }

    @Override
    public Object row(long id) {
        return jdbi.withHandle(
                handle -> handle.createQuery(Sql.BY_KEY).bind(0, id).mapToMap().one());
    }

    @Override
    public List<User> hundred(int age) {
        return jdbi.withHandle(handle ->
                handle.createQuery(Sql.HUNDRED).bind(0, age).map(USERS).list());
    }

    @Override
    public List<User> all() {
        return jdbi.withHandle(handle -> handle.createQuery(Sql.ALL).map(USERS).list());
    }

    @Override
    public void insert(Note note) {
        jdbi.useHandle(handle -> handle.createUpdate(Sql.INSERT)
                .bind(0, note.userId())
                .bind(1, note.title())
                .bind(2, note.body())
                .bind(3, note.stars())
                .execute());
    }

    @Override
    public void insertAll(List<Note> notes) {
        jdbi.useTransaction(handle -> {
            PreparedBatch batch = handle.prepareBatch(Sql.INSERT);
            for (Note note : notes) {
                batch.bind(0, note.userId())
                        .bind(1, note.title())
                        .bind(2, note.body())
                        .bind(3, note.stars())
                        .add();
            }
            batch.execute();
        });
    }

    @Override
    public void update(long id, int age) {
        jdbi.useHandle(handle ->
                handle.createUpdate(Sql.UPDATE).bind(0, age).bind(1, id).execute());
    }

    @Override
    public long count(int age) {
        return jdbi.withHandle(handle ->
                handle.createQuery(Sql.COUNT).bind(0, age).mapTo(Long.class).one());
    }

    @Override
    public List<Author> authors(int age) {
        return jdbi.withHandle(handle -> {
            List<User> users =
                    handle.createQuery(Sql.HUNDRED).bind(0, age).map(USERS).list();
            List<Post> posts = handle.createQuery(
                            "SELECT id, user_id, title, body FROM posts WHERE user_id IN (<ids>) ORDER BY id")
                    .bindList("ids", users.stream().map(User::id).toList())
                    .map(POSTS)
                    .list();
            return Sql.authors(users, posts);
        });
    }

    @Override
    public Object plain(Object result) {
        return result instanceof Map<?, ?> row ? new ArrayList<>(row.values()) : result;
    }

    @Override
    public void close() {
        pool.close();
    }
}
