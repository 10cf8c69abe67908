package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.OrmException;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.List;
import java.util.Spliterator;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The rows of an open stream, which hold a lease until the stream is closed, read to its end, or dropped.
 *
 * <p>The garbage collector watches this object and not the stream: an iterator taken from a stream holds the one, but
 * not the other.
 */
public final class LeasedRows<T> implements Spliterator<T> {
    private final Opened<T> opened;
    private final Spliterator<T> rows;
    private final Function<OrmException, RuntimeException> explain;
    private final Cleaner.Cleanable whenDropped;
    private @Nullable T next;

    private LeasedRows(
            Stream<T> stream, Lease lease, LeaseSource source, Function<OrmException, RuntimeException> explain) {
        this.rows = stream.spliterator();
        this.explain = explain;
        this.opened = new Opened<>(stream, lease, source.connection(), place(), source.scope());
        opened.enter(); // first, as it may throw: the lease is then the caller's to release, and not the cleaner's
        this.whenDropped = Dropped.CLEANER.register(this, opened::dropped);
        opened.watchedBy(whenDropped);
    }

    /**
     * Opens a stream under a lease, which it ends; if it does not come to that, the lease is ended here.
     *
     * @param source where the lease is from
     * @param query gives the driver's stream
     * @param explain makes the error to throw out of a failure, here or while rows are read
     */
    public static <T> Stream<T> open(
            LeaseSource source,
            Function<Lease, Stream<T>> query,
            BiFunction<OrmException, Lease, RuntimeException> explain) {
        Lease lease = source.pin();
        boolean opened = false;
        try {
            Stream<T> leased = open(source, lease, query.apply(lease), failure -> explain.apply(failure, lease));
            opened = true;
            return leased;
        } catch (OrmException failure) {
            throw explain.apply(failure, lease);
        } finally {
            if (!opened) {
                lease.release();
            }
        }
    }

    private static <T> Stream<T> open(
            LeaseSource source, Lease lease, Stream<T> rows, Function<OrmException, RuntimeException> explain) {
        try {
            var leased = new LeasedRows<>(rows, lease, source, explain);
            return StreamSupport.stream(leased, false).onClose(leased::close);
        } catch (Throwable failure) {
            rows.close();
            throw failure;
        }
    }

    @Override
    public boolean tryAdvance(Consumer<? super T> action) {
        if (!read()) {
            close();
            return false;
        }
        action.accept(next); // outside read(): a failure in the caller's code is not the database's
        return true;
    }

    private boolean read() {
        boolean read = readUnlessEnded();
        opened.requireNotRevoked(null); // rows that are taken away must not look like the end of the rows
        return read;
    }

    private boolean readUnlessEnded() {
        try {
            opened.lease.workHere();
            return !opened.isEnded() && rows.tryAdvance(row -> next = row);
        } catch (OrmException failure) {
            opened.requireNotRevoked(failure);
            RuntimeException explained = explain.apply(failure);
            closeAfter(explained);
            throw explained;
        } catch (LinkageError failure) {
            opened.requireNotRevoked(failure); // the driver's bundle, which nobody waits for any more, may be gone too
            closeAfter(failure);
            throw failure;
        } catch (RuntimeException | Error failure) {
            closeAfter(failure);
            throw failure;
        } finally {
            Reference.reachabilityFence(this); // or the rows could be closed as dropped while one of them is read
        }
    }

    private void closeAfter(Throwable failure) {
        try {
            close();
        } catch (RuntimeException second) {
            failure.addSuppressed(second);
        }
    }

    private void close() {
        try {
            opened.end();
        } finally {
            whenDropped.clean(); // finds it ended, and forgets it
        }
    }

    /** Read in order by one thread at a time, of unknown number: even {@code count()} must read to the end. */
    @Override
    public @Nullable Spliterator<T> trySplit() {
        return null;
    }

    @Override
    public long estimateSize() {
        return Long.MAX_VALUE;
    }

    @Override
    public int characteristics() {
        return ORDERED;
    }

    /** Where the caller's code opened the stream: names only, as a stack trace would hold its classes. */
    private static String place() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(
                                frame -> Dropped.OURS.stream().noneMatch(frame.getClassName()::startsWith))
                        .findFirst()
                        .map(frame -> frame.toStackTraceElement().toString())
                        .orElse("an unknown place"));
    }

    /** What must be ended once. Knows nothing of the stream that the caller holds. */
    static final class Opened<T> {
        /** Ended by its reader, its owner or the garbage collector, all of whom know. */
        private static final String AS_EXPECTED = "";

        private final Stream<T> rows;
        private final Lease lease;
        private final String connection;
        private final String place;
        private final @Nullable ConsumerScope scope;
        private volatile Cleaner.@Nullable Cleanable watch;

        /** Null while it is open; set once. */
        private final AtomicReference<@Nullable String> end = new AtomicReference<>();

        Opened(Stream<T> rows, Lease lease, String connection, String place, @Nullable ConsumerScope scope) {
            this.rows = rows;
            this.lease = lease;
            this.connection = connection;
            this.place = place;
            this.scope = scope;
        }

        void enter() {
            if (scope != null) {
                scope.enter(this);
            }
        }

        void watchedBy(Cleaner.Cleanable cleanable) {
            watch = cleanable;
            if (isEnded()) { // it was revoked meanwhile
                cleanable.clean();
            }
        }

        boolean isEnded() {
            return end.get() != null;
        }

        void requireNotRevoked(@Nullable Throwable cause) {
            String reason = end.get();
            if (reason != null && !reason.equals(AS_EXPECTED)) {
                var revoked = new DriverClosedException("connection '" + connection + "': " + reason, cause);
                revoked.nameConnection(connection);
                throw revoked;
            }
        }

        void end() {
            if (end.compareAndSet(null, AS_EXPECTED)) {
                leaveScope();
                release();
            }
        }

        /**
         * Closes it and ends its lease, on any thread; its reader gets an error from now on. Does nothing if it has
         * ended. The driver ends what is being read, so the lease need not wait for the reader.
         *
         * @param reason what the error says after the connection's name
         */
        void revoke(String reason) {
            if (end.compareAndSet(null, reason)) {
                try {
                    release();
                } finally {
                    forget();
                }
            }
        }

        /** The cleaner would keep the rows, and the classes of their mapper, as long as these keep the stream. */
        private void forget() {
            Cleaner.Cleanable watching = watch;
            if (watching != null) {
                watching.clean(); // finds it ended
            }
        }

        /** Runs on the cleaner's thread, or does nothing after {@link #end}. */
        void dropped() {
            if (end.compareAndSet(null, AS_EXPECTED)) {
                leaveScope();
                RuntimeException failure = null;
                try {
                    release();
                } catch (RuntimeException thrown) { // the cleaner would swallow it
                    failure = thrown;
                }
                Dropped.LOG.log(
                        Level.WARNING,
                        "connection '" + connection + "', opened at " + place
                                + ": a stream of rows was neither closed nor read to its end, and"
                                + " held its driver until now; close it with try-with-resources",
                        failure);
            }
        }

        private void leaveScope() {
            if (scope != null) {
                scope.leave(this);
            }
        }

        private void release() {
            try {
                rows.close();
            } catch (OrmException failure) {
                throw lease.explain(failure);
            } finally {
                lease.release();
            }
        }
    }

    /**
     * Made with the first stream. The cleaner's thread has no context class loader and inherits nothing; it ends when
     * this class has been collected, so one cleaner for all connections pins no class loader, be it core's or a driver's.
     */
    private static final class Dropped {
        static final Cleaner CLEANER = Cleaner.create();
        static final System.Logger LOG = System.getLogger("dev.bunary.orm");
        /** Where a stream is opened on behalf of a caller. */
        static final List<String> OURS =
                List.of("dev.bunary.orm.registry.", "dev.bunary.orm.query.Query", "dev.bunary.orm.query.ReadQuery");
    }
}
