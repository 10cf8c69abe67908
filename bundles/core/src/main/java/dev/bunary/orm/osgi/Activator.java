package dev.bunary.orm.osgi;

import dev.bunary.orm.Bunary;
import dev.bunary.orm.Orm;
import dev.bunary.orm.OrmConfig;
import dev.bunary.orm.registry.DriverRegistry;
import java.nio.file.Path;
import java.util.Optional;
import org.osgi.annotation.bundle.Capability;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/** Feeds the registry from OSGi services while this bundle is active, and offers the {@code Orm} services. */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
@Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"dev.bunary.orm.Orm\"",
        effective = "active",
        uses = Orm.class)
public final class Activator implements BundleActivator {
    /** The framework property that names the file to configure by. */
    static final String CONFIGURATION = "bunary.orm.config";

    private final DriverRegistry registry = DriverRegistry.shared();
    private BundleThreads threads;
    private DriverServices drivers;
    private OrmServices orms;
    private ConsumerBundles consumers;

    @Override
    public void start(BundleContext context) {
        // first, as it may throw: the framework does not stop a bundle whose start failed, so nothing may have begun
        Optional<OrmConfig> config = read(context);
        threads = new BundleThreads(context);
        context.addBundleListener(threads);
        registry.feedBy(threads);
        consumers = new ConsumerBundles(context, registry);
        context.addBundleListener(consumers);
        drivers = new DriverServices(context, registry);
        drivers.open();
        context.addBundleListener(drivers);
        orms = new OrmServices(context);
        registry.watch(orms::refresh);
        config.ifPresent(Bunary::setOrmConfig);
        orms.refresh();
    }

    private static Optional<OrmConfig> read(BundleContext context) {
        return Optional.ofNullable(context.getProperty(CONFIGURATION)).map(file -> OrmConfig.load(Path.of(file)));
    }

    @Override
    public void stop(BundleContext context) {
        orms.close();
        registry.shutDown();
        context.removeBundleListener(drivers);
        drivers.close();
        context.removeBundleListener(consumers);
        context.removeBundleListener(threads);
    }
}
