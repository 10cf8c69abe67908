package dev.bunary.orm.benchmarks;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** The same in a bare Felix: installs and starts the bundles, takes the Orm service and runs one query. */
final class FirstQueryInFelix {
    private FirstQueryInFelix() {}

    /** A folder of its own, the configuration, then the bundles. */
    public static void main(String[] args) throws Exception {
        Framework framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(Map.of("org.osgi.framework.storage", args[0], "bunary.orm.config", args[1]));
        framework.start();
        BundleContext context = framework.getBundleContext();
        List<Bundle> bundles = new ArrayList<>();
        for (String jar : List.of(args).subList(2, args.length)) {
            try (InputStream in = Files.newInputStream(Path.of(jar))) {
                bundles.add(context.installBundle(jar, in));
            }
        }
        for (Bundle bundle : bundles) {
            bundle.start();
        }
        ServiceReference<?> reference = context.getServiceReference("dev.bunary.orm.Orm");
        find(context.getService(reference));
        FirstQuery.tell();
        framework.stop();
        framework.waitForStop(10_000);
    }

    /** By reflection: the framework's own class loader does not see the classes of its bundles. */
    private static void find(Object orm) throws ReflectiveOperationException {
        Object table = orm.getClass().getMethod("table", String.class).invoke(orm, "users");
        Object row = table.getClass().getMethod("find", Object.class).invoke(table, 1);
        if (((java.util.Optional<?>) row).isEmpty()) {
            throw new IllegalStateException("the row is not there");
        }
    }
}
