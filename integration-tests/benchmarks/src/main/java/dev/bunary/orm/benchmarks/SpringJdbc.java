package dev.bunary.orm.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.bunary.orm.benchmarks.HandWritten.Sql;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Spring's JdbcClient; JdbcTemplate for the batch, which JdbcClient leaves to it. */
final class SpringJdbc implements Subject {
    private static final RowMapper<User> USERS = (result, number) -> Sql.user(result);
    private static final RowMapper<Post> POSTS = (result, number) ->
            new Post(result.getLong(1), result.getLong(2), result.getString(3), result.getString(4));

    private final HikariDataSource pool;
    private final JdbcTemplate template;
    private final JdbcClient client;
    private final TransactionTemplate transaction;

    SpringJdbc(Path file) {
        pool = PooledJdbc.pool(file);
        template = new JdbcTemplate(pool);
        client = JdbcClient.create(template);
        transaction = new TransactionTemplate(new JdbcTransactionManager(pool));
    }

    @Override
    public Object user(long id) {
        return client.sql(Sql.BY_KEY).param(id).query(USERS).single();
    }

    @Override
    public Object row(long id) {
        return client.sql(Sql.BY_KEY).param(id).query().singleRow();
    }

    @Override
    public List<User> hundred(int age) {
        return client.sql(Sql.HUNDRED).param(age).query(USERS).list();
    }

    @Override
    public List<User> all() {
        return client.sql(Sql.ALL).query(USERS).list();
    }

    @Override
    public void insert(Note note) {
        client.sql(Sql.INSERT)
                .param(note.userId())
                .param(note.title())
                .param(note.body())
                .param(note.stars())
                .update();
    }

    @Override
    public void insertAll(List<Note> notes) {
        transaction.executeWithoutResult(status ->
                template.batchUpdate(Sql.INSERT, notes, notes.size(), (insert, note) -> Sql.bind(insert, note)));
    }

    @Override
    public void update(long id, int age) {
        client.sql(Sql.UPDATE).param(age).param(id).update();
    }

    @Override
    public long count(int age) {
        return client.sql(Sql.COUNT).param(age).query(Long.class).single();
    }

    @Override
    public List<Author> authors(int age) {
        List<User> users = hundred(age);
        List<Long> ids = users.stream().map(User::id).toList();
        List<Post> posts = client.sql("SELECT id, user_id, title, body FROM posts WHERE user_id IN (:ids) ORDER BY id")
                .param("ids", ids)
                .query(POSTS)
                .list();
        return Sql.authors(users, posts);
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
