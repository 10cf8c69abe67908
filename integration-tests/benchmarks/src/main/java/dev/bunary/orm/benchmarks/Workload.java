package dev.bunary.orm.benchmarks;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;

/** What is measured. Operation {@code i} does the same work for every subject. */
public enum Workload {
    W1("find by key as an object", "find", 1.05) {
        @Override
        Object run(Subject subject, int i) throws SQLException {
            return subject.user(key(i));
        }
    },
    W2("find by key as a generic row", "find `Row`", 1.05) {
        @Override
        Object run(Subject subject, int i) throws SQLException {
            return subject.row(key(i));
        }
    },
    W3("100 rows", "100 rows", 0.70) {
        @Override
        Object run(Subject subject, int i) throws SQLException {
            return subject.hundred(age(i));
        }
    },
    W4("10,000 rows", "10,000 rows", 0.70) {
        @Override
        Object run(Subject subject, int i) throws SQLException {
            return subject.all();
        }
    },
    W5("insert one row", "insert", 1.05) {
        @Override
        Object run(Subject subject, int i) throws SQLException {
            subject.insert(Note.numbered(i));
            return DONE;
        }
    },
    W6("insert 1,000 rows in a transaction", "insert 1,000", 1.05) {
        @Override
        Object run(Subject subject, int i) throws SQLException {
            subject.insertAll(THOUSAND);
            return DONE;
        }
    },
    W7("update one row by key", "update", 1.05) {
        @Override
        Object run(Subject subject, int i) throws SQLException {
            subject.update(key(i), 50 + i % 40); // stays older than any age that is asked for
            return DONE;
        }
    },
    W8("count with a condition", "count", 1.05) {
        @Override
        Object run(Subject subject, int i) throws SQLException {
            return subject.count(age(i));
        }
    },
    W9("100 users and their posts, two queries", "eager load", Double.NaN) {
        @Override
        Object run(Subject subject, int i) throws SQLException {
            return subject.authors(age(i));
        }
    };

    private static final Object DONE = "done";
    private static final List<Note> THOUSAND =
            IntStream.range(0, 1_000).mapToObj(Note::numbered).toList();

    final String title;

    /** The title in a word or two. */
    final String word;

    /** The most that may be needed of what hand-written JDBC needs; NaN where nothing was promised. */
    final double goal;

    Workload(String title, String word, double goal) {
        this.title = title;
        this.word = word;
        this.goal = goal;
    }

    /** Does operation {@code i}. */
    abstract Object run(Subject subject, int i) throws SQLException;

    /** Whether the result tells what was done; otherwise the table does. */
    boolean reads() {
        return this != W5 && this != W6 && this != W7;
    }

    private static long key(int i) {
        return 1 + i * 7L % Database.USERS;
    }

    private static int age(int i) {
        return i % 50;
    }
}
