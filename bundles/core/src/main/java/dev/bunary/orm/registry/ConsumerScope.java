package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.swap.Registration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What one consumer of a shared {@code Orm} has from it: open streams, listeners, factories, drivers that are not cached.
 * Closing it ends them all, and the consumer gets nothing more through it. A transaction is work on a thread and is left
 * to end by itself. Safe for use by many threads.
 */
public final class ConsumerScope implements AutoCloseable {
    private final String consumer;
    private final Map<DriverSlot, ConsumerConnection> connections = new ConcurrentHashMap<>();
    private final Set<OpenStream> streams = ConcurrentHashMap.newKeySet();
    private final Set<Registration> listeners = ConcurrentHashMap.newKeySet();
    private final Set<RegisteredFactory> factories = ConcurrentHashMap.newKeySet();
    private final Set<DriverHandle> uncached = ConcurrentHashMap.newKeySet();
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
        return keep(listeners, register);
    }

    /** Registers a factory, and keeps its registration until it is closed here or by whoever gets it. */
    public Registration keepFactory(Supplier<RegisteredFactory> register) {
        return keep(factories, register);
    }

    private <R extends Registration> Registration keep(Set<R> kept, Supplier<R> register) {
        requireOpen();
        R registration = register.get();
        kept.add(registration);
        Registration once = () -> {
            if (kept.remove(registration)) {
                registration.close();
            }
        };
        if (closed) { // meanwhile, and close() may not have found it
            once.close();
            throw released();
        }
        return once;
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

    void enter(OpenStream stream) {
        streams.add(stream);
        if (closed && streams.remove(stream)) { // otherwise close() has found it
            throw released();
        }
    }

    void leave(OpenStream stream) {
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

    /** Takes the consumer's factories back; their drivers are drained and closed. */
    public void closeFactories() {
        RegisteredFactory.closeAll(factories.stream().filter(factories::remove).toList());
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
        attempt(this::closeFactories, failures);
        // each may drain for a while: whoever stops the consumer is not to wait for their sum
        closeAll(uncached, driver -> ShortLivedThread.start("bunary-close-uncached", driver::close), failures);
        throwFirst(failures);
    }

    /** All of them, also if one fails. */
    private static <T> void closeAll(Set<T> left, Consumer<T> close, List<RuntimeException> failures) {
        for (T each : left) {
            if (left.remove(each)) {
                attempt(() -> close.accept(each), failures);
            }
        }
    }

    private static void attempt(Runnable closing, List<RuntimeException> failures) {
        try {
            closing.run();
        } catch (RuntimeException failure) {
            failures.add(failure);
        } catch (LinkageError failure) { // of a bundle that is half gone
            failures.add(new IllegalStateException("not all could be closed: " + failure, failure));
        }
    }

    private static void throwFirst(List<RuntimeException> failures) {
        if (!failures.isEmpty()) {
            RuntimeException first = failures.get(0);
            failures.stream().skip(1).forEach(first::addSuppressed);
            throw first;
        }
    }
}
