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
 * Reads a cursor as a stream asks; closes it at the last row, on an error, and with the stream. The stream may be closed
 * by any thread. Only one thread may touch a cursor, so while a row is read its reader ends it, as soon as it can.
 */
final class CursorStream<T> extends Spliterators.AbstractSpliterator<T> {
    /*
     * IDLE <--> READING --another closes the stream--> ENDING --the reader is back--> ENDED
     *   '--the stream is closed between two rows----------------------------------------^
     */
    private enum Use {
        IDLE,
        READING,
        ENDING,
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
        lender.opened(cursor);
        var rows = new CursorStream<>(lender, cursor);
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
            if (cursor.isClosed() || !cursor.advance()) {
                end();
                return false;
            }
            next = cursor.current();
        } catch (RuntimeException | Error failure) {
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
        while (!isEnded()) {
            if (use.compareAndSet(Use.IDLE, Use.ENDED)) {
                giveBack();
            } else if (use.compareAndSet(Use.READING, Use.ENDING)) {
                cancel();
            }
        }
    }

    private boolean isEnded() {
        Use now = use.get();
        return now == Use.ENDED || now == Use.ENDING;
    }

    /** Hurries the reader, who may be in a long step of the database. */
    private synchronized void cancel() {
        if (use.get() == Use.ENDING) {
            cursor.cancel();
        }
    }

    private void end() {
        synchronized (this) { // after a cancel that is under way: it would hit what the session does next
            use.set(Use.ENDED);
        }
        giveBack();
    }

    private void giveBack() {
        lender.ended(cursor);
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
