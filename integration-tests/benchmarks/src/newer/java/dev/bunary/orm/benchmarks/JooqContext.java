package dev.bunary.orm.benchmarks;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jooq.BatchBindStep;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Records;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** jOOQ's DSL with typed fields. Needs Java 21. */
public final class JooqContext implements Subject {
    private static final Table<Record> USERS = table(name("users"));
    private static final Field<Long> ID = field(name("id"), SQLDataType.BIGINT);
    private static final Field<String> NAME = field(name("name"), SQLDataType.VARCHAR);
    private static final Field<String> EMAIL = field(name("email"), SQLDataType.VARCHAR);
    private static final Field<Integer> AGE = field(name("age"), SQLDataType.INTEGER);
    private static final Field<Double> SCORE = field(name("score"), SQLDataType.DOUBLE);
    private static final Field<String> CREATED = field(name("created"), SQLDataType.VARCHAR);
    private static final Table<Record> POSTS = table(name("posts"));
    private static final Field<Long> USER_ID = field(name("user_id"), SQLDataType.BIGINT);
    private static final Field<String> TITLE = field(name("title"), SQLDataType.VARCHAR);
    private static final Field<String> BODY = field(name("body"), SQLDataType.VARCHAR);
    private static final Table<Record> NOTES = table(name("notes"));
    private static final Field<Integer> STARS = field(name("stars"), SQLDataType.INTEGER);

    private final HikariDataSource pool;
    private final DSLContext context;

    public JooqContext(Path file) {
        pool = PooledJdbc.pool(file);
        context = DSL.using(pool, SQLDialect.SQLITE, new Settings().withExecuteLogging(false));
    }

    @Override
    public Object user(long id) {
        return context.select(ID, NAME, EMAIL, AGE, SCORE, CREATED)
                .from(USERS)
                .where(ID.eq(id))
                .fetchSingle(Records.mapping(User::new));
    }

    @Override
    public Object row(long id) {
        return context.select(ID, NAME, EMAIL, AGE, SCORE, CREATED)
                .from(USERS)
                .where(ID.eq(id))
                .fetchSingle();
    }

    @Override
    public List<User> hundred(int age) {
        return context.select(ID, NAME, EMAIL, AGE, SCORE, CREATED)
                .from(USERS)
                .where(AGE.gt(age))
                .orderBy(ID)
                .limit(100)
                .fetch(Records.mapping(User::new));
    }

    @Override
    public List<User> all() {
        return context.select(ID, NAME, EMAIL, AGE, SCORE, CREATED).from(USERS).fetch(Records.mapping(User::new));
    }

    @Override
    public void insert(Note note) {
        context.insertInto(NOTES, USER_ID, TITLE, BODY, STARS)
                .values(note.userId(), note.title(), note.body(), note.stars())
                .execute();
    }

    @Override
    public void insertAll(List<Note> notes) {
        context.transaction(transaction -> {
            BatchBindStep batch = transaction
                    .dsl()
                    .batch(transaction
                            .dsl()
                            .insertInto(NOTES, USER_ID, TITLE, BODY, STARS)
                            .values((Long) null, null, null, null));
            for (Note note : notes) {
                batch.bind(note.userId(), note.title(), note.body(), note.stars());
            }
            batch.execute();
        });
    }

    @Override
    public void update(long id, int age) {
        context.update(USERS).set(AGE, age).where(ID.eq(id)).execute();
    }

    @Override
    public long count(int age) {
        return context.selectCount()
                .from(USERS)
                .where(AGE.gt(age))
                .fetchSingle()
                .value1();
    }

    @Override
    public List<Author> authors(int age) {
        List<User> users = hundred(age);
        List<Post> posts = context.select(ID, USER_ID, TITLE, BODY)
                .from(POSTS)
                .where(USER_ID.in(users.stream().map(User::id).toList()))
                .orderBy(ID)
                .fetch(Records.mapping(Post::new));
        return HandWritten.Sql.authors(users, posts);
    }

    @Override
    public Object plain(Object result) {
        return result instanceof Record row ? Arrays.asList(row.intoArray()) : result;
    }

    @Override
    public void close() {
        pool.close();
    }
}
