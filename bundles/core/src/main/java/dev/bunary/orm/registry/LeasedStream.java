package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.OrmException;
import java.lang.ref.Cleaner;
import java.util.Spliterator;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A driver's stream that holds a lease until it is closed or read to its end. One that is dropped unclosed is ended when
 * the garbage collector finds it, with one warning that names where it was opened.
 */
final class LeasedStream {
    private static final System.Logger LOG = System.getLogger("dev.bunary.orm");

    private LeasedStream() {}

    /**
     * Starts a stream.
     *
     * @param lease ended with the stream, or at once if it cannot be started
     * @param start gives the driver's stream
     */
    public static <T> Stream<T> open(Lease lease, Function<DatabaseDriver, Stream<T>> start) {
        Stream<T> rows;
        try {
            rows = start.apply(lease.driver());
        } catch (OrmException failure) {
            lease.release();
            throw lease.explain(failure);
        } catch (Throwable failure) {
            lease.release();
            throw failure;
        }
        var end = new End(lease, rows);
        var leased = new LeasedRows<>(rows.spliterator(), lease, end);
        // watches the rows, not the stream: an iterator taken from a stream keeps only the rows reachable
        Cleaner.Cleanable watch = Watch.CLEANER.register(leased, end::dropped);
        return StreamSupport.stream(leased, false).onClose(() -> {
            end.close();
            watch.clean();
        });
    }

    /** Started with the first stream; its thread ends with this class, as nothing static elsewhere refers to it. */
    private static final class Watch {
        static final Cleaner CLEANER = Cleaner.create();
    }

    private static final class End {
        private final Lease lease;
        private final Stream<?> rows;
        private final Throwable opened = new Throwable("the stream was opened here");
        private final AtomicBoolean ended = new AtomicBoolean();

        End(Lease lease, Stream<?> rows) {
            this.lease = lease;
            this.rows = rows;
        }

        void close() {
            if (ended.compareAndSet(false, true)) {
                try {
                    rows.close();
                } finally {
                    lease.release();
                }
            }
        }

        void dropped() {
            if (!ended.get()) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "a stream was dropped without being closed; close it, or read it to its end",
                        opened);
                close();
            }
        }
    }

    private static final class LeasedRows<T> implements Spliterator<T> {
        private final Spliterator<T> rows;
        private final Lease lease;
        private final End end;

        LeasedRows(Spliterator<T> rows, Lease lease, End end) {
            this.rows = rows;
            this.lease = lease;
            this.end = end;
        }

        @Override
        public boolean tryAdvance(Consumer<? super T> action) {
            boolean more = explained(() -> rows.tryAdvance(action));
            if (!more) {
                end.close();
            }
            return more;
        }

        @Override
        public void forEachRemaining(Consumer<? super T> action) {
            explained(() -> {
                rows.forEachRemaining(action);
                return true;
            });
            end.close();
        }

        private boolean explained(BooleanSupplier read) {
            try {
                return read.getAsBoolean();
            } catch (OrmException failure) {
                throw lease.explain(failure);
            }
        }

        @Override
        public @Nullable Spliterator<T> trySplit() {
            return null; // one cursor, read in order
        }

        @Override
        public long estimateSize() {
            return rows.estimateSize();
        }

        @Override
        public int characteristics() {
            return ORDERED;
        }
    }
}
