package dev.bunary.orm.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.InvalidQueryException;
import dev.bunary.orm.driver.SqlException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sqlite.SQLiteConnection;
import org.sqlite.jdbc4.JDBC4Connection;

/** The base with the platform's defaults, on a real database that knows nothing of them. */
final class JdbcDriverTest {
    private static final JdbcPlatform DEFAULTS = new JdbcPlatform() {};

    private SQLiteConnection connection;
    private JdbcSession session;
    private JdbcDriver driver;

    @BeforeEach
    void open() throws SQLException {
        connection = new JDBC4Connection("jdbc:sqlite::memory:", ":memory:", new Properties());
        session = new JdbcSession(connection, 3);
        driver = new JdbcDriver(new OneSession(), DEFAULTS);
        driver.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT NOT NULL)");
    }

    @AfterEach
    void close() {
        driver.close();
    }

    /** Lends the same session always; the tests use one thread. */
    private final class OneSession implements SessionSource {
        private boolean closed;

        @Override
        public JdbcSession acquire(Access access) {
            return session;
        }

        @Override
        public void release(JdbcSession released, Access access) {
            assertEquals(session, released);
        }

        @Override
        public boolean lendsToStreams(Access access) {
            return true;
        }

        @Override
        public boolean isClosed() {
            return closed;
        }

        @Override
        public void close() {
            closed = true;
            try {
                session.close();
            } catch (SQLException error) {
                throw new IllegalStateException(error);
            }
        }
    }

    private long count() {
        return driver.query("SELECT count(*) FROM t").get().orElseThrow().getLong(0);
    }

    @Test
    void statements_byDefaults_work() {
        assertEquals(1, driver.exec("INSERT INTO t (v) VALUES (?)", "a"));
        assertArrayEquals(
                new long[] {1, 1},
                driver.execBatch("INSERT INTO t (v) VALUES (?)", List.of(new Object[] {"b"}, new Object[] {"c"})));
        assertEquals(3, count());
        assertEquals(
                List.of("a", "b", "c"),
                driver.query("SELECT v FROM t ORDER BY id").stream(columns -> row -> row.getString(0))
                        .toList());
    }

    @Test
    void transaction_byDefaults_commitsOrRollsBack() {
        driver.transaction(tx -> tx.exec("INSERT INTO t (v) VALUES ('a')"));
        assertEquals(1, count());
        var failure = new IllegalStateException("undo");
        assertEquals(
                failure,
                assertThrows(
                        IllegalStateException.class,
                        () -> driver.transaction(tx -> {
                            tx.exec("INSERT INTO t (v) VALUES ('b')");
                            throw failure;
                        })));
        assertEquals(1, count());
    }

    @Test
    void transaction_rollbackFails_isSuppressedInTheFirstError() {
        var failure = new IllegalStateException("first");
        assertThrows(
                IllegalStateException.class,
                () -> driver.transaction(tx -> {
                    try {
                        connection.close();
                    } catch (SQLException impossible) {
                        throw new AssertionError(impossible);
                    }
                    throw failure;
                }));
        assertEquals(1, failure.getSuppressed().length);
        assertTrue(failure.getSuppressed()[0] instanceof SqlException);
    }

    @Test
    void transaction_streamClosedByAnotherThread_isEndedByItsOwnThreadAtTheNextStatement() throws Exception {
        PreparedSql streamed = cached("SELECT 'streamed'");
        driver.transaction(tx -> {
            closeElsewhere(open(tx, streamed));
            assertTrue(streamed.inUse, "another thread used the transaction's session");
            tx.exec("INSERT INTO t (v) VALUES ('a')");
            assertFalse(streamed.inUse, "the statement is not given back");
            return null;
        });
        assertEquals(1, count());
    }

    @Test
    void transaction_streamClosedByAnotherThread_isEndedWithTheTransaction() throws Exception {
        PreparedSql streamed = cached("SELECT 'streamed'");
        driver.transaction(tx -> {
            tx.transaction(nested -> {
                closeElsewhere(open(nested, streamed));
                assertTrue(streamed.inUse, "another thread used the transaction's session");
                return null;
            });
            assertFalse(streamed.inUse, "the nested transaction has left it open");
            closeElsewhere(open(tx, streamed));
            return null;
        });
        assertFalse(streamed.inUse, "the transaction has left it open");
    }

    @Test
    void transaction_streamClosedByItsOwnThread_isEndedAtOnce() throws Exception {
        PreparedSql streamed = cached("SELECT 'streamed'");
        driver.transaction(tx -> {
            open(tx, streamed).close();
            assertFalse(streamed.inUse);
            return null;
        });
    }

    /** Code in languages without checked exceptions throws them all the same. */
    @Test
    void stream_mapperThrowsACheckedException_givesItsSessionBack() throws Exception {
        PreparedSql streamed = cached("SELECT 'streamed'");
        var thrown = new IOException("thrown by the mapper");
        Stream<String> rows = driver.query(streamed.sql).stream(columns -> row -> {
            throw JdbcDriverTest.<RuntimeException>unchecked(thrown);
        });
        assertEquals(thrown, assertThrows(IOException.class, rows::toList));
        assertFalse(streamed.inUse);
    }

    @SuppressWarnings("unchecked")
    private static <X extends Exception> X unchecked(Exception exception) throws X {
        throw (X) exception;
    }

    private PreparedSql cached(String sql) throws SQLException {
        PreparedSql prepared = session.checkOut(sql);
        session.giveBack(prepared);
        return prepared;
    }

    /** A stream of this statement. */
    private static Stream<String> open(DatabaseDriver on, PreparedSql streamed) {
        assertFalse(streamed.inUse);
        Stream<String> rows = on.query(streamed.sql).stream(columns -> row -> row.getString(0));
        assertTrue(streamed.inUse);
        return rows;
    }

    private static void closeElsewhere(Stream<?> stream) {
        CompletableFuture.runAsync(stream::close, command -> new Thread(command).start())
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void cache_moreStatementsThanItHolds_keepsWorking() throws SQLException {
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 10; i++) {
                assertEquals(i, driver.query("SELECT " + i).get().orElseThrow().getLong(0));
            }
        }
        PreparedSql outer = session.checkOut("SELECT 'same'");
        PreparedSql inner = session.checkOut("SELECT 'same'");
        assertTrue(outer.statement != inner.statement);
        session.giveBack(inner);
        assertTrue(inner.statement.isClosed());
        session.giveBack(outer);
        assertEquals(outer, session.checkOut("SELECT 'same'"));
        for (int i = 0; i < 5; i++) {
            session.giveBack(session.checkOut("SELECT " + i));
        }
        session.giveBack(outer);
        assertTrue(outer.statement.isClosed(), "evicted while in use, so closed when given back");
    }

    @Test
    void bind_unknownType_namesClassAndIndex() {
        var error = assertThrows(
                InvalidQueryException.class, () -> driver.exec("INSERT INTO t VALUES (?, ?)", 1, new StringBuilder()));
        assertEquals(
                "parameter 2 is a java.lang.StringBuilder, which cannot be bound; the types that can are listed at Values",
                error.getMessage());
    }
}
