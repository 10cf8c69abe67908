package dev.bunary.orm.driver.datasource.osgi;

import dev.bunary.orm.driver.DriverFactory;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
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
    private final BiFunction<ServiceReference<S>, S, DriverFactory> announcement;

    JdbcServices(BundleContext context, Class<S> kind, BiFunction<ServiceReference<S>, S, DriverFactory> announcement) {
        super(context, kind, null);
        this.announcement = announcement;
    }

    @Override
    public @Nullable ServiceRegistration<DriverFactory> addingService(ServiceReference<S> reference) {
        S service = context.getService(reference);
        if (service == null) { // it left again
            return null;
        }
        ServiceRegistration<DriverFactory> announced = announce(reference, service);
        if (announced == null) {
            context.ungetService(reference);
        }
        return announced;
    }

    private @Nullable ServiceRegistration<DriverFactory> announce(ServiceReference<S> reference, S service) {
        Bundle bundle = reference.getBundle();
        BundleContext provider = bundle == null ? null : bundle.getBundleContext();
        if (provider == null) {
            return null;
        }
        try {
            return provider.registerService(
                    DriverFactory.class, announcement.apply(reference, service), properties(reference));
        } catch (IllegalStateException stopped) { // which must not end the start of this bundle
            return null;
        }
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

    /** The ranking, and what OSGi JDBC 125.4.1 names: others, of a DataSource, may be secret. Filters ask the service. */
    private static Dictionary<String, Object> properties(ServiceReference<?> reference) {
        var properties = new Hashtable<String, Object>();
        for (String key : reference.getPropertyKeys()) {
            if (key.equals(Constants.SERVICE_RANKING) || key.startsWith("osgi.jdbc.driver.")) {
                properties.put(key, reference.getProperty(key));
            }
        }
        properties.put("bunary.driver.type", JdbcServiceFactory.TYPE);
        return properties;
    }
}
