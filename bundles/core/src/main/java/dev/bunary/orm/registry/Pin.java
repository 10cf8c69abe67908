package dev.bunary.orm.registry;

import dev.bunary.orm.swap.FactoryInfo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The factory that somebody chose for a connection, whatever else is there. While it is gone, as in an update in place,
 * the next one of its name and origin is its heir. Guarded by the slot's lock.
 */
final class Pin {
    private final String name;
    private final String origin;

    /** Not the candidate itself, which would keep the classes of one that is gone. */
    private long chosen;

    private Pin(Candidate chosen) {
        this.name = chosen.info().name();
        this.origin = chosen.info().origin();
        this.chosen = chosen.sequence();
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

    /** Whether it is the pinned one, its heir, or the one that it is heir of. */
    boolean isFor(Candidate candidate) {
        FactoryInfo info = candidate.info();
        return info.name().equals(name) && info.origin().equals(origin);
    }

    /** The same candidates with the pinned one first, if it or its heir is there. */
    List<Candidate> first(List<Candidate> candidates) {
        Candidate heir = null;
        for (Candidate candidate : candidates) {
            if (holds(candidate)) {
                heir = candidate;
                break;
            }
            if (heir == null && isFor(candidate)) {
                heir = candidate;
            }
        }
        if (heir == null) {
            return candidates;
        }
        chosen = heir.sequence();
        var pinnedFirst = new ArrayList<>(candidates);
        pinnedFirst.remove(heir);
        pinnedFirst.add(0, heir);
        return pinnedFirst;
    }
}
