package dev.bunary.orm.it.karaf.probe;

import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Offers the commands of scope {@code probe} to the shell: a service with these properties is one (OSGi RFC 147). */
public final class ProbeActivator implements BundleActivator {
    private BundleChanges changes;

    @Override
    public void start(BundleContext context) {
        changes = new BundleChanges(context);
        context.addBundleListener(changes);
        offer(context, new LoadCommands(context), "load", "writes", "serving", "library", "version", "end");
        offer(context, changes, "watch", "changes", "refreshed");
    }

    @Override
    public void stop(BundleContext context) {
        context.removeBundleListener(changes);
    }

    private static void offer(BundleContext context, Object commands, String... functions) {
        Dictionary<String, Object> properties =
                new Hashtable<>(Map.of("osgi.command.scope", "probe", "osgi.command.function", functions));
        context.registerService(Object.class, commands, properties);
    }
}
