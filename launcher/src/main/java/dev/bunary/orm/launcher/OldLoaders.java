package dev.bunary.orm.launcher;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

/** The class loaders that bundles have had, held weakly, to tell in the end which of the old ones something still holds. */
final class OldLoaders {
    private static final long BETWEEN_LOOKS_MILLIS = 100;

    private final EmbeddedFramework framework;
    private final Set<String> names;
    private final ReferenceQueue<ClassLoader> collected = new ReferenceQueue<>();
    private final List<Noted> noted = new ArrayList<>();

    /** For the bundles of those symbolic names. */
    OldLoaders(EmbeddedFramework framework, Set<String> names) {
        this.framework = framework;
        this.names = names;
    }

    /** Notes the loaders that are in use now. */
    void note() {
        for (Bundle bundle : framework.context().getBundles()) {
            BundleWiring wiring = bundle.adapt(BundleWiring.class);
            if (names.contains(bundle.getSymbolicName()) && wiring != null) {
                note(bundle, wiring.getClassLoader());
            }
        }
    }

    private void note(Bundle bundle, ClassLoader loader) {
        if (noted.stream().noneMatch(known -> known.refersTo(loader))) {
            noted.add(new Noted(bundle.getSymbolicName() + " " + bundle.getVersion(), loader, collected));
        }
    }

    /** How many loaders were noted that are not in use any more. */
    int count() {
        return old().size();
    }

    /** Collects garbage until no old loader is there, or the time is over. Gives the names of those that are left. */
    List<String> reachable(Duration limit) throws InterruptedException {
        List<Noted> old = old();
        long deadline = System.nanoTime() + limit.toNanos();
        System.gc();
        while (old.stream().anyMatch(Noted::isThere) && System.nanoTime() < deadline) {
            if (collected.remove(BETWEEN_LOOKS_MILLIS) == null) {
                System.gc();
            }
        }
        return old.stream().filter(Noted::isThere).map(Noted::toString).toList();
    }

    private List<Noted> old() {
        var current = new ArrayList<ClassLoader>();
        for (Bundle bundle : framework.context().getBundles()) {
            BundleWiring wiring = bundle.adapt(BundleWiring.class);
            if (wiring != null) {
                current.add(wiring.getClassLoader());
            }
        }
        return noted.stream()
                .filter(known -> current.stream().noneMatch(known::refersTo))
                .toList();
    }

    private static final class Noted extends WeakReference<ClassLoader> {
        private final String bundle;

        Noted(String bundle, ClassLoader loader, ReferenceQueue<ClassLoader> collected) {
            super(loader, collected);
            this.bundle = bundle;
        }

        boolean isThere() {
            return !refersTo(null);
        }

        @Override
        public String toString() {
            return bundle;
        }
    }
}
