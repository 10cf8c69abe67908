package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.swap.Registration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one consumer of a shared {@code Orm} has from it: open streams, listeners, factories, drivers that are not cached.
 * Closing it ends them all, and the consumer gets nothing more through it. A transaction is work on a thread and is left
 * to end by itself. Safe for use by many threads.
 */
public final class ConsumerScope implements AutoCloseable {
    private final String consumer;
    private final Map<DriverSlot, ConsumerConnection> connections = new ConcurrentHashMap<>();
    private final Set<LeasedRows.Opened<?>> streams = ConcurrentHashMap.newKeySet();
    private final Set<Registration> listeners = ConcurrentHashMap.newKeySet();
    private final Set<Candidate> factories = ConcurrentHashMap.newKeySet();
    private final Set<DriverHandle> uncached = ConcurrentHashMap.newKeySet();

    /** Where the factories are registered; null while there are none. */
    private volatile @Nullable Connections registered;

    private volatile boolean closed;

    /**
     * An open scope.
     *
     * @param consumer for a person, such as {@code bundle shop [12]}
     */
    public ConsumerScope(String consumer) {
        this.consumer = consumer;
    }

    /** A connection as this consumer sees it; the same at each call. */
    public ConsumerConnection connection(DriverSlot slot) {
        return connections.computeIfAbsent(slot, of -> new ConsumerConnection(of, this));
    }

    /** Registers a listener, and keeps its registration until it is closed here or by whoever gets it. */
    public Registration keepListener(Supplier<Registration> register) {
        requireOpen();
        Registration registration = register.get();
        listeners.add(registration);
        return unlessClosed(() -> {
            if (listeners.remove(registration)) {
                registration.close();
            }
        });
    }

    /** Registers a factory until it is taken back here or by whoever gets the registration; always with the same Orm. */
    public Registration register(Connections with, String type, @Nullable DriverFactory factory) {
        requireOpen();
        registered = with;
        Candidate mine = with.registerFactory(type, factory);
        factories.add(mine);
        return unlessClosed(() -> {
            if (factories.remove(mine)) {
                with.unregister(mine::equals);
            }
        });
    }

    private Registration unlessClosed(Registration kept) {
        if (closed) { // meanwhile, and close() may not have found it
            kept.close();
            throw released();
        }
        return kept;
    }

    /** Opens a driver that is not cached, and keeps it until it is closed. */
    public DatabaseDriver open(Connections from, DatabaseConfig config) {
        requireOpen();
        DriverHandle opened = from.openUncached(config).within(this);
        uncached.add(opened);
        if (closed && uncached.remove(opened)) {
            opened.close();
            throw released();
        }
        return opened;
    }

    boolean isOpen() {
        return !closed;
    }

    void forget(DriverHandle closing) {
        uncached.remove(closing);
    }

    void enter(LeasedRows.Opened<?> stream) {
        streams.add(stream);
        if (closed && streams.remove(stream)) { // otherwise close() has found it
            throw released();
        }
    }

    void leave(LeasedRows.Opened<?> stream) {
        streams.remove(stream);
    }

    /** Throws if it is closed. */
    public void requireOpen() {
        if (closed) {
            throw released();
        }
    }

    /** As {@link #requireOpen}, but lets a transaction that this thread is in go on to its end. */
    void requireOpen(DriverSource source) {
        if (closed && !source.isInTransaction()) {
            throw released();
        }
    }

    private DriverClosedException released() {
        return new DriverClosedException("this Orm was released by " + consumer
                + ", which stopped or gave the service back; get the service again");
    }

    /** Takes the consumer's factories back; their drivers are drained as one group and closed. */
    public void closeFactories() {
        Connections with = registered;
        if (with != null) {
            with.unregister(factories::remove);
        }
    }

    /**
     * Ends all that is left. Streams are closed at once, and their readers get a {@link DriverClosedException}; factories
     * and drivers that are not cached are drained first. Safe to repeat.
     *
     * @throws RuntimeException the first failure, after all the others were closed
     */
    @Override
    public void close() {
        closed = true;
        String reason = "this stream was left open by " + consumer
                + ", which stopped or gave the Orm service back, and was closed; read it before that";
        var failures = new ArrayList<RuntimeException>();
        closeAll(streams, stream -> stream.revoke(reason), failures);
        closeAll(listeners, Registration::close, failures);
        // each may drain for a while: whoever stops the consumer is not to wait for their sum
        closeAll(uncached, driver -> ShortLivedThread.start("bunary-close-uncached", driver::close), failures);
        try {
            closeFactories();
        } finally {
            throwFirst(failures);
        }
    }

    /** All of them, also if one fails. */
    private static <T> void closeAll(Set<T> left, Consumer<T> close, List<RuntimeException> failures) {
        for (T each : left) {
            if (left.remove(each)) {
                try {
                    close.accept(each);
                } catch (RuntimeException failure) {
                    failures.add(failure);
                } catch (LinkageError failure) { // of a bundle that is half gone
                    failures.add(new IllegalStateException("not all could be closed: " + failure, failure));
                }
            }
        }
    }

    private static void throwFirst(List<RuntimeException> failures) {
        if (!failures.isEmpty()) {
            RuntimeException first = failures.get(0);
            for (RuntimeException next : failures.subList(1, failures.size())) {
                first.addSuppressed(next);
            }
            throw first;
        }
    }
}
