package dev.bunary.orm.jdbc;

import dev.bunary.orm.driver.OrmException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Where statements get their session from: a source of many, or the one of a transaction. */
interface Lender {

    /** Lends a session, or throws if there is none or this caller may have none. */
    JdbcSession borrow(Access access);

    void giveBack(JdbcSession session, Access access);

    /** Throws if a statement of this kind may not be run here. */
    void permit(StatementKind kind);

    boolean lendsToStreams(Access access);

    /** Told of each stream that holds a session, so that it can be ended with its transaction. */
    void streamOpened(CursorStream<?> stream);

    /** Told once when a stream was closed, by any thread; a thread that may use its session is to end it. */
    void streamClosed(CursorStream<?> stream);

    void streamEnded(CursorStream<?> stream);

    /** Throws if a stream may not be read on here. */
    void checkStream();

    OrmException translate(SQLException error, @Nullable String sql, JdbcSession session);
}
