package dev.bunary.orm.it.datasource.consumer;

import dev.bunary.orm.Orm;
import dev.bunary.orm.it.datasource.probe.Probe;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.util.tracker.ServiceTracker;

/** Offers a {@link Probe} while the {@code Orm} service of the default connection is there. */
public final class ConsumerActivator implements BundleActivator {
    private ServiceTracker<Orm, ServiceRegistration<Probe>> orms;

    @Override
    public void start(BundleContext context) throws Exception {
        var filter = context.createFilter("(&(objectClass=dev.bunary.orm.Orm)(bunary.connection=default))");
        orms = new ServiceTracker<>(context, filter, null) {
            @Override
            public ServiceRegistration<Probe> addingService(ServiceReference<Orm> reference) {
                return context.registerService(Probe.class, new OrmProbe(context, context.getService(reference)), null);
            }

            @Override
            public void removedService(ServiceReference<Orm> reference, ServiceRegistration<Probe> probe) {
                probe.unregister();
                context.ungetService(reference);
            }
        };
        orms.open();
    }

    @Override
    public void stop(BundleContext context) {
        orms.close();
    }
}
