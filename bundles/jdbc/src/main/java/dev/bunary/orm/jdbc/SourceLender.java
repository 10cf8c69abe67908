package dev.bunary.orm.jdbc;

import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.OrmException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Lends each statement outside a transaction a session of the source. */
final class SourceLender implements Lender {
    private final SessionSource source;
    private final JdbcPlatform platform;

    SourceLender(SessionSource source, JdbcPlatform platform) {
        this.source = source;
        this.platform = platform;
    }

    @Override
    public JdbcSession borrow(Access access) {
        return source.acquire(access);
    }

    @Override
    public void giveBack(JdbcSession session, Access access) {
        source.release(session, access);
    }

    @Override
    public void permit(StatementKind kind) {
        if (kind == StatementKind.TRANSACTION || kind == StatementKind.SAVEPOINT) {
            throw StatementRunner.refused(kind);
        }
    }

    @Override
    public boolean lendsToStreams(Access access) {
        return source.lendsToStreams(access);
    }

    @Override
    public void streamOpened(CursorStream<?> stream) {
        // the stream's own close gives the session back
    }

    /** The session is the stream's alone, so whoever closes it may use it and hits nobody else. */
    @Override
    public void streamClosed(CursorStream<?> stream) {
        stream.endIfClosed();
        stream.cancelIfRead();
    }

    @Override
    public void streamEnded(CursorStream<?> stream) {
        // see streamOpened
    }

    @Override
    public void checkStream() {
        if (source.isClosed()) {
            throw closed(null);
        }
    }

    @Override
    public OrmException translate(SQLException error, @Nullable String sql, JdbcSession session) {
        return source.isClosed() ? closed(error) : platform.translate(error, sql, session.connection());
    }

    boolean isClosed() {
        return source.isClosed();
    }

    static DriverClosedException closed(@Nullable Throwable cause) {
        return new DriverClosedException(
                "the driver was closed, which ended this work; what was not committed is rolled back", cause);
    }
}
