package dev.bunary.orm.registry;

import dev.bunary.orm.swap.FactoryInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * The factory that somebody chose for a connection, whatever else is there. It is known by its name and origin, so that
 * it stays chosen when its bundle is updated in place.
 */
record Pin(String name, String origin) {

    static Pin on(FactoryInfo factory) {
        return new Pin(factory.name(), factory.origin());
    }

    boolean holds(Candidate candidate) {
        return on(candidate.info()).equals(this);
    }

    /** The same candidates with the pinned one first, if it is there. */
    List<Candidate> first(List<Candidate> candidates) {
        var first = new ArrayList<Candidate>();
        var others = new ArrayList<Candidate>();
        for (Candidate candidate : candidates) {
            (holds(candidate) ? first : others).add(candidate);
        }
        first.addAll(others);
        return first;
    }
}
