package dev.bunary.orm.osgi;

import dev.bunary.orm.Bunary;
import dev.bunary.orm.Orm;
import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.registry.ConsumerScope;
import dev.bunary.orm.swap.DriverStatus;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;

/**
 * Offers an {@link Orm} service per connection, from when a factory for it is first there until it is not configured any
 * more. Swaps do not touch it: a consumer that waits for this service never has to wait inside it. What a consumer leaves
 * behind is released when it gives the service back, when it has stopped, and when the service goes.
 */
final class OrmServices {
    /** The connection's name. */
    private static final String CONNECTION = "bunary.connection";

    private static final System.Logger LOG = System.getLogger("dev.bunary.orm");

    private final BundleContext context;

    /** Refreshes asked for and not yet done. Whoever takes it from 0 does them all, so that none runs beside another. */
    private final AtomicInteger pending = new AtomicInteger();

    /** Touched only by the thread that refreshes. */
    private final Map<String, ServiceRegistration<Orm>> registered = new HashMap<>();

    /** The one whose connections are registered; touched only by the thread that refreshes. */
    private @Nullable Orm offered;

    private volatile boolean closed;

    OrmServices(BundleContext context) {
        this.context = context;
    }

    /** Registers and unregisters what is due. Returns at once if another thread is at it, which then does this too. */
    void refresh() {
        if (pending.getAndIncrement() > 0) {
            return;
        }
        int due = 1;
        do {
            refreshOrLog();
            due = pending.addAndGet(-due);
        } while (due > 0);
    }

    /** A refresh that fails, such as in a bundle that is stopping, must not be the last one. */
    private void refreshOrLog() {
        try {
            refreshOnce();
        } catch (RuntimeException failure) {
            LOG.log(System.Logger.Level.WARNING, "the Orm services are not as the connections are", failure);
        }
    }

    /** Offers nothing any more. */
    void close() {
        closed = true;
        refresh();
    }

    private void refreshOnce() {
        Optional<Orm> orm = closed ? Optional.empty() : configured();
        if (orm.orElse(null)
                != offered) { // the views of one that was closed throw, also if another has its connections
            keepOnly(Set.of());
            offered = orm.orElse(null);
        }
        var connections = new HashSet<String>();
        for (DriverStatus status : orm.map(Orm::drivers).orElse(List.of())) {
            if (!status.candidates().isEmpty() || registered.containsKey(status.connection())) {
                connections.add(status.connection());
            }
        }
        keepOnly(connections);
        for (String connection : connections) {
            registered.computeIfAbsent(connection, name -> register(orm.orElseThrow(), name));
        }
    }

    private void keepOnly(Set<String> connections) {
        for (String connection : List.copyOf(registered.keySet())) {
            if (!connections.contains(connection)) {
                registered.remove(connection).unregister(); // in this order, as the second may throw
            }
        }
    }

    private static Optional<Orm> configured() {
        try {
            return Optional.of(Bunary.orm());
        } catch (ConfigurationException none) { // not an error here: it may be configured later
            return Optional.empty();
        }
    }

    private @Nullable ServiceRegistration<Orm> register(Orm orm, String connection) {
        Dictionary<String, Object> properties = new Hashtable<>(Map.of(CONNECTION, connection));
        try {
            return context.registerService(Orm.class, new Views(orm.connection(connection)), properties);
        } catch (ConfigurationException gone) { // another configuration came meanwhile, which asks for a refresh too
            return null;
        }
    }

    /** Gives each bundle its own view, which the framework keeps for it (OSGi Core 5.9). */
    private record Views(Orm shared) implements ServiceFactory<Orm> {

        @Override
        public Orm getService(Bundle consumer, ServiceRegistration<Orm> registration) {
            return shared.within(new ConsumerScope(CallingBundle.describe(consumer)));
        }

        @Override
        public void ungetService(Bundle consumer, ServiceRegistration<Orm> registration, Orm view) {
            view.close();
        }
    }
}
