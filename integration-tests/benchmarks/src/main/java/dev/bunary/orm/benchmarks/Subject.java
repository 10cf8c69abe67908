package dev.bunary.orm.benchmarks;

import java.sql.SQLException;
import java.util.List;

/**
 * One way to do the workloads, on a database of its own. Used by one thread. Gives its own kind of objects, which
 * {@link #plain} turns into the common ones, outside the measured time.
 */
public interface Subject extends AutoCloseable {

    /** The user with a key, as an object. */
    Object user(long id) throws SQLException;

    /** The user with a key, as a generic row. */
    Object row(long id) throws SQLException;

    /** The first hundred users older than an age, by key. */
    List<?> hundred(int age) throws SQLException;

    /** All users. */
    List<?> all() throws SQLException;

    /** Inserts a row and commits. */
    void insert(Note note) throws SQLException;

    /** Inserts rows in one transaction. */
    void insertAll(List<Note> notes) throws SQLException;

    /** Changes a user's age and commits. */
    void update(long id, int age) throws SQLException;

    /** How many users are older than an age. */
    long count(int age) throws SQLException;

    /** The users of {@link #hundred} with their posts by key, in two queries. */
    List<?> authors(int age) throws SQLException;

    /**
     * A result of any of the above in the common form: a {@link User}, an {@link Author}, a list of the values of a
     * generic row in the order of columns.
     */
    default Object plain(Object result) {
        return result;
    }

    @Override
    void close() throws SQLException;
}
