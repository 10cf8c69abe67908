package dev.bunary.orm.registry;

import dev.bunary.orm.swap.FactoryInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The factory that somebody chose for a connection, whatever else is there. While it is gone, as in an update in place,
 * the next one of its name and origin is its heir. Guarded by the slot's lock.
 */
final class Pin {
    private final String name;
    private final String origin;

    /** Not the candidates themselves, which would keep the classes of those that are gone. */
    private final Set<Long> held = new HashSet<>();

    private long chosen;

    private Pin(Candidate chosen) {
        this.name = chosen.info().name();
        this.origin = chosen.info().origin();
        hold(chosen);
    }

    /** A pin on one of these; null if there is none such. */
    static @Nullable Pin on(FactoryInfo factory, List<Candidate> candidates) {
        for (Candidate candidate : candidates) {
            if (candidate.info().equals(factory)) {
                return new Pin(candidate);
            }
        }
        return null;
    }

    boolean holds(Candidate candidate) {
        return candidate.sequence() == chosen;
    }

    /** Whether it is the pinned one, or was before its heir came. */
    boolean hasHeld(Candidate candidate) {
        return held.contains(candidate.sequence());
    }

    private void hold(Candidate candidate) {
        chosen = candidate.sequence();
        held.add(chosen);
    }

    /** The same candidates with the pinned one first, if it or its heir is there. */
    List<Candidate> first(List<Candidate> candidates) {
        Candidate heir = null;
        for (Candidate candidate : candidates) {
            if (holds(candidate)) {
                heir = candidate;
                break;
            }
            FactoryInfo info = candidate.info();
            if (heir == null && info.name().equals(name) && info.origin().equals(origin)) {
                heir = candidate;
            }
        }
        if (heir == null) {
            return candidates;
        }
        hold(heir);
        var pinnedFirst = new ArrayList<>(candidates);
        pinnedFirst.remove(heir);
        pinnedFirst.add(0, heir);
        return pinnedFirst;
    }
}
