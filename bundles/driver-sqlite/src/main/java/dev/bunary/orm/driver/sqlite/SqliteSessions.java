package dev.bunary.orm.driver.sqlite;

import dev.bunary.orm.driver.LockTimeoutException;
import dev.bunary.orm.driver.SqlException;
import dev.bunary.orm.driver.SqlFailure;
import dev.bunary.orm.jdbc.Access;
import dev.bunary.orm.jdbc.JdbcSession;
import dev.bunary.orm.jdbc.SessionSource;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/**
 * The connections of one open database: a writer behind a fair gate, and readers beside it.
 *
 * <p>Readers are never waited for: when none is idle another is opened, so threads that hold streams and query within
 * them cannot block each other; only the number of idle ones is bounded. {@code :memory:} has the writer alone.
 *
 * <p>Every session is idle, in use or closed. {@link #close} closes idle ones, interrupts those in use until they come
 * back, and closes what has not come back in time: sqlite-jdbc then refuses every further call.
 */
final class SqliteSessions implements SessionSource {
    private static final System.Logger LOG = System.getLogger(SqliteSessions.class.getName());
    /** Interrupted statements come back within milliseconds; work that idles in its callback never does. */
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final int FIRST_TRY_MILLIS = 50;
    private static final long INTERRUPT_EVERY_MILLIS = 10;
    private static final long FORCE_MILLIS = 2_000;

    private final SqliteOpener opener;
    private final boolean writerOnly;
    private final WriterGate gate;
    private final JdbcSession writer;
    private final AtomicReferenceArray<@Nullable JdbcSession> idleReaders;
    private final Set<JdbcSession> open = ConcurrentHashMap.newKeySet();
    private final Object returned = new Object();
    private final AtomicBoolean closeRequested = new AtomicBoolean();
    private volatile boolean closed;

    SqliteSessions(SqliteOpener opener, SqliteSettings settings) {
        this.opener = opener;
        this.writerOnly = settings.memory();
        this.idleReaders = new AtomicReferenceArray<>(settings.readers());
        WriterTurns turns = writerOnly ? WriterTurns.alone() : WriterTurns.of(settings.file());
        this.gate = new WriterGate(turns, settings.busyTimeout());
        try {
            this.writer = besideWriters(opener::openWriter, settings);
            open.add(writer);
            if (settings.writersLockReadersOut()) { // and whoever has opened a driver asks it something at once
                keep(besideWriters(opener::openReaderWithSchema, settings));
            }
        } catch (RuntimeException | Error failure) {
            closeAll();
            gate.abandon();
            throw failure;
        }
    }

    private void keep(JdbcSession reader) {
        open.add(reader);
        park(reader);
    }

    /** Opens a connection. The first try is out of turn, as whoever has the turn may be waiting for this driver. */
    private JdbcSession besideWriters(IntFunction<JdbcSession> opening, SqliteSettings settings) {
        try {
            return opening.apply(Math.min(FIRST_TRY_MILLIS, settings.busyTimeout()));
        } catch (LockTimeoutException busy) {
            return inTurn(opening, settings);
        }
    }

    /** Where others write without a pause, SQLite's own waiting may never find the file free, but a turn comes. */
    private JdbcSession inTurn(IntFunction<JdbcSession> opening, SqliteSettings settings) {
        gate.enter(false);
        try {
            return opening.apply(settings.busyTimeout());
        } finally {
            gate.leave(false);
        }
    }

    @Override
    public JdbcSession acquire(Access access) {
        if (closed) {
            throw WriterGate.closed();
        }
        return usesWriter(access) ? acquireWriter(access) : acquireReader();
    }

    @Override
    public void release(JdbcSession session, Access access) {
        if (usesWriter(access)) {
            releaseWriter(access);
        } else if (session.endUse() && !park(session)) {
            closeSurplus(session);
        }
        if (closed) {
            synchronized (returned) {
                returned.notifyAll();
            }
        }
    }

    @Override
    public boolean lendsToStreams(Access access) {
        return !usesWriter(access);
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    private boolean usesWriter(Access access) {
        return writerOnly || access == Access.WRITE || access == Access.WRITE_TRANSACTION;
    }

    private static boolean isTransaction(Access access) {
        return access == Access.READ_TRANSACTION || access == Access.WRITE_TRANSACTION;
    }

    private JdbcSession acquireWriter(Access access) {
        gate.enter(isTransaction(access));
        if (gate.isEnteredOnce() && !writer.tryUse()) {
            gate.leave(isTransaction(access));
            throw WriterGate.closed();
        }
        return writer;
    }

    private void releaseWriter(Access access) {
        if (gate.isEnteredOnce()) {
            writer.endUse();
        }
        gate.leave(isTransaction(access));
    }

    private JdbcSession acquireReader() {
        int length = idleReaders.length();
        int first = firstSlot(length);
        for (int i = 0; i < length; i++) {
            int slot = (first + i) % length;
            if (idleReaders.getPlain(slot) != null) {
                JdbcSession idle = idleReaders.getAndSet(slot, null);
                if (idle != null && idle.tryUse()) {
                    return idle;
                }
            }
        }
        return openReader();
    }

    /** A thread looks where it put its last reader, whose statements it will want again. */
    private static int firstSlot(int length) {
        return length == 0 ? 0 : (int) (Thread.currentThread().getId() % length);
    }

    private JdbcSession openReader() {
        JdbcSession session;
        try {
            session = opener.openReader();
        } catch (SQLException error) {
            throw new SqlException(new SqlFailure(
                    "sqlite could not open another reader: " + error.getMessage(),
                    null,
                    null,
                    SqliteErrors.code(error),
                    error));
        }
        session.tryUse();
        open.add(session);
        if (closed) { // close() may have looked at `open` before this one was in it
            session.endUse();
            closeSurplus(session);
            throw WriterGate.closed();
        }
        return session;
    }

    private boolean park(JdbcSession session) {
        int length = idleReaders.length();
        int first = firstSlot(length);
        for (int i = 0; i < length; i++) {
            if (idleReaders.compareAndSet((first + i) % length, null, session)) {
                return true;
            }
        }
        return false;
    }

    private void closeSurplus(JdbcSession session) {
        try {
            if (session.closeIfIdle()) {
                open.remove(session);
            }
        } catch (SQLException error) {
            LOG.log(System.Logger.Level.WARNING, "a surplus sqlite reader could not be closed", error);
        }
    }

    @Override
    public void close() {
        boolean first = closeRequested.compareAndSet(false, true);
        if (first) {
            closed = true;
            gate.close();
        }
        try {
            awaitReturn();
            force();
        } finally {
            if (first) {
                gate.abandon();
            }
        }
    }

    /** Closes sessions as they come back, and keeps interrupting the others: between two statements one has no effect. */
    private void awaitReturn() {
        boolean interrupted = false;
        long deadline = System.nanoTime() + GRACE_NANOS;
        synchronized (returned) {
            while (!closeIdle() && System.nanoTime() < deadline) {
                open.forEach(SqliteSessions::interrupt);
                try {
                    returned.wait(INTERRUPT_EVERY_MILLIS);
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean closeIdle() {
        open.removeIf(session -> {
            try {
                return session.closeIfIdle();
            } catch (SQLException error) {
                LOG.log(System.Logger.Level.WARNING, "a sqlite connection could not be closed", error);
                return false;
            }
        });
        return open.isEmpty();
    }

    private static void interrupt(JdbcSession session) {
        session.whileInUse(() -> {
            try {
                ((SQLiteConnection) session.connection()).getDatabase().interrupt();
            } catch (SQLException alreadyClosed) {
                LOG.log(System.Logger.Level.DEBUG, "nothing to interrupt", alreadyClosed);
            }
        });
    }

    /** Closes what is held by work that does not end. On a thread of its own: a native call may hold the connection. */
    private void force() {
        if (open.isEmpty()) {
            return;
        }
        var closer = new Thread(this::closeAll, "bunary-sqlite-close");
        closer.setDaemon(true);
        closer.start();
        try {
            closer.join(FORCE_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!open.isEmpty()) {
            throw new SqlException(new SqlFailure(
                    open.size()
                            + " sqlite connections could not be closed in time; their work holds them in a native call",
                    null,
                    null,
                    SqliteErrors.BUSY,
                    null));
        }
    }

    private void closeAll() {
        for (JdbcSession session : open) {
            try {
                session.close();
                open.remove(session);
            } catch (SQLException error) {
                LOG.log(System.Logger.Level.WARNING, "a sqlite connection could not be closed", error);
            }
        }
    }
}
