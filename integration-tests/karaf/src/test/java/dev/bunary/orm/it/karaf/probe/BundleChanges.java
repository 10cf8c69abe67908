package dev.bunary.orm.it.karaf.probe;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

/** Tells which bundles were touched: they had an event, or their time, state or wiring is another than before. */
public final class BundleChanges implements SynchronousBundleListener {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration STEP = Duration.ofMillis(5);

    private final BundleContext context;
    private final Set<String> touched = new ConcurrentSkipListSet<>();
    private Map<Long, Snapshot> before = Map.of();

    BundleChanges(BundleContext context) {
        this.context = context;
    }

    /** Begins to watch. Gives the number of bundles. */
    public int watch() {
        before = snapshots();
        touched.clear();
        return before.size();
    }

    /** The symbolic names of the bundles touched since, in order, with spaces between. */
    public String changes() {
        var names = new TreeSet<>(touched);
        Map<Long, Snapshot> now = snapshots();
        before.forEach((id, snapshot) -> {
            if (!snapshot.equals(now.get(id))) {
                names.add(snapshot.name());
            }
        });
        return String.join(" ", names);
    }

    /** Waits until no bundle is left with a revision that a refresh has yet to take away. */
    public void refreshed() {
        FrameworkWiring wiring = context.getBundle(0).adapt(FrameworkWiring.class);
        long begin = System.nanoTime();
        while (!wiring.getRemovalPendingBundles().isEmpty()) {
            if (System.nanoTime() - begin > LIMIT.toNanos()) {
                throw new IllegalStateException("not refreshed: " + wiring.getRemovalPendingBundles());
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        touched.add(event.getBundle().getSymbolicName());
    }

    private Map<Long, Snapshot> snapshots() {
        var snapshots = new HashMap<Long, Snapshot>();
        for (Bundle bundle : context.getBundles()) {
            snapshots.put(
                    bundle.getBundleId(),
                    new Snapshot(
                            bundle.getSymbolicName(),
                            bundle.getLastModified(),
                            bundle.getState(),
                            System.identityHashCode(bundle.adapt(BundleWiring.class))));
        }
        return snapshots;
    }

    /** A refresh keeps time and state, and gives the bundle another wiring. */
    private record Snapshot(String name, long lastModified, int state, int wiring) {}
}
