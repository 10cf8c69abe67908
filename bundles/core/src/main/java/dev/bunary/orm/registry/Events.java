package dev.bunary.orm.registry;

import dev.bunary.orm.swap.DriverEvent;
import dev.bunary.orm.swap.DriverListener;
import dev.bunary.orm.swap.Registration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Tells listeners and the log. Called outside all locks. Safe for use by many threads. */
final class Events {
    private static final System.Logger LOG = System.getLogger("dev.bunary.orm");

    private final List<DriverListener> listeners = new CopyOnWriteArrayList<>();

    Registration listen(DriverListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    void tell(DriverEvent event) {
        LOG.log(level(event.kind()), event.message());
        for (DriverListener listener : listeners) {
            try {
                listener.on(event);
            } catch (RuntimeException | LinkageError failure) { // a listener must not stop a swap
                LOG.log(System.Logger.Level.WARNING, "a driver listener failed on " + event.kind(), failure);
            }
        }
    }

    private static System.Logger.Level level(DriverEvent.Kind kind) {
        return switch (kind) {
            case REBOUND -> System.Logger.Level.INFO;
            case FORCED, QUARANTINED -> System.Logger.Level.WARNING;
            case BOUND, DRAINING, LOST -> System.Logger.Level.DEBUG;
        };
    }
}
