package dev.bunary.orm.registry;

import dev.bunary.orm.swap.DriverEvent;
import dev.bunary.orm.swap.DriverListener;
import dev.bunary.orm.swap.Registration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Tells the log at once, and listeners in order on a thread that lives while there is something to tell. A listener may
 * use the connection it hears of, stop bundles or block: on the thread of the swap it would wait for itself. Safe for use
 * by many threads.
 */
final class Events {
    private final List<DriverListener> listeners = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<DriverEvent> untold = new ConcurrentLinkedQueue<>();

    /** Events in the queue. Whoever takes it from 0 starts the thread, which ends when it is 0 again. */
    private final AtomicInteger pending = new AtomicInteger();

    Registration listen(DriverListener listener) {
        listeners.add(listener);
        var closed = new AtomicBoolean(); // as the same listener may be registered twice
        return () -> {
            if (closed.compareAndSet(false, true)) {
                listeners.remove(listener);
            }
        };
    }

    void forget(Predicate<DriverListener> condition) {
        listeners.removeIf(condition);
    }

    void tell(DriverEvent event) {
        SwapLog.log(level(event.kind()), event.message());
        if (!listeners.isEmpty()) {
            untold.add(event);
            if (pending.getAndIncrement() == 0) {
                ShortLivedThread.start("bunary-events", this::tellListeners);
            }
        }
    }

    private void tellListeners() {
        do {
            DriverEvent event = untold.remove();
            listeners.forEach(listener -> tell(listener, event));
        } while (pending.decrementAndGet() > 0);
    }

    private static void tell(DriverListener listener, DriverEvent event) {
        try {
            listener.on(event);
        } catch (
                Throwable failure) { // the other listeners, and of the next event this one, are to be told all the same
            SwapLog.log(System.Logger.Level.WARNING, "a driver listener failed on " + event.kind(), failure);
        }
    }

    private static System.Logger.Level level(DriverEvent.Kind kind) {
        if (kind == DriverEvent.Kind.FORCED || kind == DriverEvent.Kind.QUARANTINED) {
            return System.Logger.Level.WARNING;
        }
        return kind == DriverEvent.Kind.REBOUND ? System.Logger.Level.INFO : System.Logger.Level.DEBUG;
    }
}
