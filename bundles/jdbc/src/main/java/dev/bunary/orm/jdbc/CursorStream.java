package dev.bunary.orm.jdbc;

import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Reads a cursor as a stream asks; closes it at the last row, on an error, and with the stream. */
final class CursorStream<T> extends Spliterators.AbstractSpliterator<T> {
    private final Lender lender;
    private final JdbcCursor<T> cursor;

    private CursorStream(Lender lender, JdbcCursor<T> cursor) {
        super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
        this.lender = lender;
        this.cursor = cursor;
    }

    static <T> Stream<T> of(Lender lender, JdbcCursor<T> cursor) {
        lender.opened(cursor);
        var rows = new CursorStream<>(lender, cursor);
        return StreamSupport.stream(rows, false).onClose(rows::end);
    }

    @Override
    public boolean tryAdvance(Consumer<? super T> action) {
        lender.checkStream();
        if (cursor.isClosed()) {
            return false;
        }
        T next;
        try {
            if (!cursor.advance()) {
                end();
                return false;
            }
            next = cursor.current();
        } catch (RuntimeException | Error failure) {
            endAfter(failure);
            throw failure;
        }
        action.accept(next);
        return true;
    }

    private void end() {
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
