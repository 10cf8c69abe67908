package dev.bunary.orm.driver.datasource.osgi;

import dev.bunary.orm.driver.DriverFactory;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.util.tracker.ServiceTracker;

/**
 * Announces one {@link DriverFactory} service for each JDBC service of a kind.
 *
 * <p>So the ORM sees each JDBC driver as a factory of its own, and swaps, ranks and names it as any other. The
 * announcement is withdrawn inside the framework's synchronous UNREGISTERING event of the JDBC service, and returns only
 * when the ORM has drained and closed what was opened with it: right after it the JDBC driver's classes may be gone
 * (OSGi Core 5.4.3). Connections on other JDBC services notice nothing. Which connections it serves says
 * {@link DriverFactory#serves}.
 *
 * <p>The announcement belongs to the JDBC driver's bundle, not to this one: the ORM prefers, on equal ranking, what was
 * installed or updated last, and its log names the bundle a person has changed.
 *
 * @param <S> the kind of service
 */
final class JdbcServices<S> extends ServiceTracker<S, ServiceRegistration<DriverFactory>> {
    /** Of these the announcement has its own. */
    private static final Set<String> FRAMEWORK_PROPERTIES = Set.of(
            Constants.OBJECTCLASS,
            Constants.SERVICE_ID,
            Constants.SERVICE_PID,
            Constants.SERVICE_BUNDLEID,
            Constants.SERVICE_SCOPE);

    private final BiFunction<ServiceReference<S>, S, DriverFactory> announcement;

    JdbcServices(BundleContext context, Class<S> kind, BiFunction<ServiceReference<S>, S, DriverFactory> announcement) {
        super(context, kind, null);
        this.announcement = announcement;
    }

    @Override
    public @Nullable ServiceRegistration<DriverFactory> addingService(ServiceReference<S> reference) {
        S service = context.getService(reference);
        BundleContext provider =
                reference.getBundle() == null ? null : reference.getBundle().getBundleContext();
        if (service == null || provider == null) { // it left again
            return null;
        }
        DriverFactory factory = announcement.apply(reference, service);
        return provider.registerService(DriverFactory.class, factory, properties(reference));
    }

    @Override
    public void modifiedService(ServiceReference<S> reference, ServiceRegistration<DriverFactory> announced) {
        announced.setProperties(properties(reference));
    }

    @Override
    public void removedService(ServiceReference<S> reference, ServiceRegistration<DriverFactory> announced) {
        try {
            announced.unregister();
        } catch (IllegalStateException gone) {
            // the framework withdraws all services of a bundle that stops, in an order of its own
        }
        context.ungetService(reference);
    }

    /** Those of the JDBC service, its ranking included, so that filters and people find the same there. */
    private static Dictionary<String, Object> properties(ServiceReference<?> reference) {
        var properties = new Hashtable<String, Object>();
        for (String key : reference.getPropertyKeys()) {
            if (!FRAMEWORK_PROPERTIES.contains(key)) {
                properties.put(key, reference.getProperty(key));
            }
        }
        properties.put("bunary.driver.type", JdbcServiceFactory.TYPE);
        return properties;
    }
}
