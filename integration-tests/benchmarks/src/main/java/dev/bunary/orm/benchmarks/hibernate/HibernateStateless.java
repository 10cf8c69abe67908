package dev.bunary.orm.benchmarks.hibernate;

import com.zaxxer.hikari.HikariDataSource;
import dev.bunary.orm.benchmarks.Author;
import dev.bunary.orm.benchmarks.Note;
import dev.bunary.orm.benchmarks.Post;
import dev.bunary.orm.benchmarks.Subject;
import jakarta.persistence.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hibernate.SessionFactory;
import org.hibernate.StatelessSession;
import org.hibernate.cfg.Configuration;
import org.hibernate.community.dialect.SQLiteDialect;

/** Hibernate without its persistence context: one StatelessSession per unit of work. */
public final class HibernateStateless implements Subject {

    /** Users as entities, each with its posts. */
    private record Loaded(UserEntity user, List<PostEntity> posts) {}

    private final HikariDataSource pool;
    private final SessionFactory factory;

    public HibernateStateless(HikariDataSource pool) {
        this.pool = pool;
        var configuration = new Configuration()
                .addAnnotatedClass(UserEntity.class)
                .addAnnotatedClass(PostEntity.class)
                .addAnnotatedClass(NoteEntity.class)
                .setProperty("hibernate.dialect", SQLiteDialect.class.getName());
        configuration.getProperties().put("jakarta.persistence.nonJtaDataSource", pool);
        factory = configuration.buildSessionFactory();
    }

    @Override
    public Object user(long id) {
        try (StatelessSession session = factory.openStatelessSession()) {
            return session.get(UserEntity.class, id);
        }
    }

    @Override
    public Object row(long id) {
        try (StatelessSession session = factory.openStatelessSession()) {
            return session.createSelectionQuery(
                            "select id, name, email, age, score, created from UserEntity where id = :id", Tuple.class)
                    .setParameter("id", id)
                    .getSingleResult();
        }
    }

    @Override
    public List<UserEntity> hundred(int age) {
        try (StatelessSession session = factory.openStatelessSession()) {
            return hundred(session, age);
        }
    }

    private static List<UserEntity> hundred(StatelessSession session, int age) {
        return session.createSelectionQuery("from UserEntity where age > :age order by id", UserEntity.class)
                .setParameter("age", age)
                .setMaxResults(100)
                .getResultList();
    }

    @Override
    public List<UserEntity> all() {
        try (StatelessSession session = factory.openStatelessSession()) {
            return session.createSelectionQuery("from UserEntity", UserEntity.class)
                    .getResultList();
        }
    }

    @Override
    public void insert(Note note) {
        factory.inStatelessTransaction(session -> session.insert(NoteEntity.of(note)));
    }

    @Override
    public void insertAll(List<Note> notes) {
        factory.inStatelessTransaction(session ->
                session.insertMultiple(notes.stream().map(NoteEntity::of).toList()));
    }

    @Override
    public void update(long id, int age) {
        factory.inStatelessTransaction(
                session -> session.createMutationQuery("update UserEntity set age = :age where id = :id")
                        .setParameter("age", age)
                        .setParameter("id", id)
                        .executeUpdate());
    }

    @Override
    public long count(int age) {
        try (StatelessSession session = factory.openStatelessSession()) {
            return session.createSelectionQuery("select count(*) from UserEntity where age > :age", Long.class)
                    .setParameter("age", age)
                    .getSingleResult();
        }
    }

    @Override
    public List<?> authors(int age) {
        try (StatelessSession session = factory.openStatelessSession()) {
            List<UserEntity> users = hundred(session, age);
            Map<Long, List<PostEntity>> byUser = new HashMap<>();
            var loaded = new ArrayList<Loaded>(users.size());
            for (UserEntity user : users) {
                var own = new ArrayList<PostEntity>();
                byUser.put(user.getId(), own);
                loaded.add(new Loaded(user, own));
            }
            session.createSelectionQuery("from PostEntity where userId in (:ids) order by id", PostEntity.class)
                    .setParameterList("ids", byUser.keySet())
                    .getResultList()
                    .forEach(post -> byUser.get(post.getUserId()).add(post));
            return loaded;
        }
    }

    @Override
    public Object plain(Object result) {
        if (result instanceof UserEntity user) {
            return user.plain();
        }
        if (result instanceof Tuple row) {
            return Arrays.asList(row.toArray());
        }
        if (result instanceof Loaded loaded) {
            List<Post> posts = loaded.posts().stream().map(PostEntity::plain).toList();
            return new Author(loaded.user().plain(), posts);
        }
        return result instanceof List<?> list ? list.stream().map(this::plain).toList() : result;
    }

    @Override
    public void close() {
        factory.close();
        pool.close();
    }
}
