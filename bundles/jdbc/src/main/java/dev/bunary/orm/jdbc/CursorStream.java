package dev.bunary.orm.jdbc;

import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.OrmException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads a cursor as a stream asks; ends it at the last row, on an error, and with the stream. The stream may be closed by
 * any thread, but only one at a time may touch a cursor: while a row is read its reader ends it, as soon as it can, and
 * otherwise a thread that the lender lets, be it the one that closes or, in a transaction, the transaction's own.
 */
final class CursorStream<T> extends Spliterators.AbstractSpliterator<T> {
    /*
     * IDLE <--> READING --the stream is closed--> ENDING --the reader is back----------> ENDED
     *   '-------------------the stream is closed--> CLOSED --a thread that may, ends it----^
     *
     * Whoever makes it ENDED, and nobody else, gives back what the cursor holds.
     */
    private enum Use {
        IDLE,
        READING,
        ENDING,
        CLOSED,
        ENDED
    }

    private final Lender lender;
    private final JdbcCursor<T> cursor;
    private final AtomicReference<Use> use = new AtomicReference<>(Use.IDLE);

    private CursorStream(Lender lender, JdbcCursor<T> cursor) {
        super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
        this.lender = lender;
        this.cursor = cursor;
    }

    static <T> Stream<T> of(Lender lender, JdbcCursor<T> cursor) {
        var rows = new CursorStream<>(lender, cursor);
        lender.streamOpened(rows);
        return StreamSupport.stream(rows, false).onClose(rows::close);
    }

    @Override
    public boolean tryAdvance(Consumer<? super T> action) {
        lender.checkStream();
        if (!use.compareAndSet(Use.IDLE, Use.READING)) {
            requireNotRead();
            return false;
        }
        T next;
        try {
            if (!cursor.advance()) {
                end();
                return false;
            }
            next = cursor.current();
        } catch (Throwable failure) { // also a checked one, which a mapper in another language may throw
            boolean closedMeanwhile = use.get() == Use.ENDING && failure instanceof OrmException;
            endAfter(failure);
            if (closedMeanwhile) {
                throw closedMeanwhile(failure);
            }
            throw failure;
        }
        if (!use.compareAndSet(Use.READING, Use.IDLE)) {
            end();
            throw closedMeanwhile(null);
        }
        action.accept(next);
        return true;
    }

    private void requireNotRead() {
        if (use.get() == Use.READING) {
            throw new IllegalStateException(
                    "a stream of rows is read by one thread at a time, and not by its own mapper");
        }
    }

    private static DriverClosedException closedMeanwhile(@Nullable Throwable cause) {
        return new DriverClosedException("the stream was closed while a row was read", cause);
    }

    private void close() {
        while (isOpen()) {
            if (use.compareAndSet(Use.IDLE, Use.CLOSED) || use.compareAndSet(Use.READING, Use.ENDING)) {
                lender.streamClosed(this);
            }
        }
    }

    private boolean isOpen() {
        Use now = use.get();
        return now == Use.IDLE || now == Use.READING;
    }

    /** Ends it if it was closed between two rows. To be called by a thread that may use its session. */
    void endIfClosed() {
        if (use.compareAndSet(Use.CLOSED, Use.ENDED)) {
            giveBack();
        }
    }

    /** Hurries the reader of a closed stream, who may be in a long step of the database. May be called by any thread. */
    synchronized void cancelIfRead() {
        if (use.get() == Use.ENDING) {
            cursor.cancel();
        }
    }

    /** Ends it, closed or not. To be called by its reader or, if there is none, by a thread that may use its session. */
    void end() {
        Use before;
        synchronized (this) { // after a cancel that is under way: it would hit what the session does next
            before = use.getAndSet(Use.ENDED);
        }
        if (before != Use.ENDED) {
            giveBack();
        }
    }

    private void giveBack() {
        lender.streamEnded(this);
        cursor.close();
    }

    private void endAfter(Throwable failure) {
        try {
            end();
        } catch (RuntimeException second) {
            failure.addSuppressed(second);
        }
    }
}
