package dev.bunary.orm.osgi;

import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.registry.Candidate;
import dev.bunary.orm.registry.DriverRegistry;
import dev.bunary.orm.registry.FactorySource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.util.tracker.ServiceTracker;

/**
 * Tracks {@link DriverFactory} services. A service that leaves is drained inside the framework's synchronous
 * UNREGISTERING event: right after it the bundle's classes may be gone (OSGi Core 5.4.3). Those of a bundle that stops
 * are drained before, together, as the framework unregisters them one after the other and would wait for each.
 */
final class DriverServices extends ServiceTracker<DriverFactory, Candidate> implements SynchronousBundleListener {
    /** The types a service serves; wins over {@link DriverFactory#types}. */
    private static final String TYPE = "bunary.driver.type";

    private static final System.Logger LOG = System.getLogger("dev.bunary.orm");

    private final DriverRegistry registry;

    DriverServices(BundleContext context, DriverRegistry registry) {
        super(context, DriverFactory.class, null);
        this.registry = registry;
    }

    @Override
    public @Nullable Candidate addingService(ServiceReference<DriverFactory> reference) {
        DriverFactory factory = context.getService(reference);
        if (factory == null) { // it left again, or its ServiceFactory failed, which the framework has reported
            return null;
        }
        Candidate announced = null;
        try {
            announced = announce(reference, factory);
        } catch (RuntimeException | LinkageError broken) { // it must not end the start of this bundle
            LOG.log(System.Logger.Level.ERROR, "the driver factory of " + reference + " cannot be used", broken);
        }
        if (announced == null) {
            context.ungetService(reference);
        }
        return announced;
    }

    private @Nullable Candidate announce(ServiceReference<DriverFactory> reference, DriverFactory factory) {
        Bundle bundle = reference.getBundle();
        if (bundle == null) { // it has left since
            return null;
        }
        return registry.announce(new FactorySource(
                factory,
                types(reference, factory),
                ranking(reference),
                String.valueOf(bundle.getSymbolicName()),
                bundle.getVersion().toString(),
                "bundle " + bundle.getBundleId(),
                bundle.getLastModified(),
                bundle.getBundleId()));
    }

    @Override
    public void modifiedService(ServiceReference<DriverFactory> reference, Candidate candidate) {
        DriverFactory factory = context.getService(reference);
        if (factory != null) {
            try {
                registry.announceAgain(candidate, types(reference, factory), ranking(reference));
            } finally {
                context.ungetService(reference);
            }
        }
    }

    @Override
    public void removedService(ServiceReference<DriverFactory> reference, Candidate candidate) {
        registry.withdraw(candidate);
        context.ungetService(reference);
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        if (event.getType() == BundleEvent.STOPPING) {
            var leaving = new ArrayList<Candidate>();
            getTracked().forEach((reference, candidate) -> {
                if (event.getBundle().equals(reference.getBundle())) {
                    leaving.add(candidate);
                }
            });
            if (leaving.size() > 1) {
                registry.withdraw(leaving);
            }
        }
    }

    private static Set<String> types(ServiceReference<DriverFactory> reference, DriverFactory factory) {
        Object property = reference.getProperty(TYPE);
        if (property instanceof String type) {
            return Set.of(type);
        }
        if (property instanceof String[] types) {
            return Set.copyOf(List.of(types));
        }
        if (property instanceof Collection<?> types) {
            var names = new TreeSet<String>();
            types.forEach(type -> names.add(String.valueOf(type)));
            return names;
        }
        return factory.types();
    }

    private static int ranking(ServiceReference<DriverFactory> reference) {
        return reference.getProperty(Constants.SERVICE_RANKING) instanceof Integer ranking ? ranking : 0;
    }
}
