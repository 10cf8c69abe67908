package dev.bunary.orm.launcher;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The class loaders that drivers have had, held weakly, to tell in the end which of the old ones something still holds. */
final class OldLoaders {
    private static final long BETWEEN_LOOKS_MILLIS = 100;

    private final Supplier<Map<ClassLoader, String>> inUse;
    private final ReferenceQueue<ClassLoader> collected = new ReferenceQueue<>();
    private final List<Noted> noted = new ArrayList<>();

    /** Takes what gives the loaders that are in use, with their names. */
    OldLoaders(Supplier<Map<ClassLoader, String>> inUse) {
        this.inUse = inUse;
    }

    /** Notes the loaders that are in use now. */
    void note() {
        inUse.get().forEach(this::note);
    }

    private void note(ClassLoader loader, String name) {
        if (noted.stream().noneMatch(known -> known.refersTo(loader))) {
            noted.add(new Noted(name, loader, collected));
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
        Set<ClassLoader> current = inUse.get().keySet();
        return noted.stream()
                .filter(known -> current.stream().noneMatch(known::refersTo))
                .toList();
    }

    private static final class Noted extends WeakReference<ClassLoader> {
        private final String name;

        Noted(String name, ClassLoader loader, ReferenceQueue<ClassLoader> collected) {
            super(loader, collected);
            this.name = name;
        }

        boolean isThere() {
            return !refersTo(null);
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
