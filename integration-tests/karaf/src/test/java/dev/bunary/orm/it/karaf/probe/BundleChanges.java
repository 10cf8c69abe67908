package dev.bunary.orm.it.karaf.probe;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

/** Tells which bundles were touched: they had an event, or their time, state or wiring is another than before. */
public final class BundleChanges implements SynchronousBundleListener {
    private static final long LIMIT_SECONDS = 20;

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
    public String changes() throws InterruptedException {
        refreshed();
        var names = new TreeSet<>(touched);
        Map<Long, Snapshot> now = snapshots();
        before.forEach((id, snapshot) -> {
            if (!snapshot.equals(now.get(id))) {
                names.add(snapshot.name());
            }
        });
        return String.join(" ", names);
    }

    /** Waits until every refresh that was asked for is done: they run one after the other, so one of nothing is last. */
    public void refreshed() throws InterruptedException {
        var done = new CountDownLatch(1);
        context.getBundle(0).adapt(FrameworkWiring.class).refreshBundles(Set.of(), event -> {
            if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                done.countDown();
            }
        });
        if (!done.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("no PACKAGES_REFRESHED within " + LIMIT_SECONDS + " s");
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
