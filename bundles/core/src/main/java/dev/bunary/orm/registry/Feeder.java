package dev.bunary.orm.registry;

import java.util.Optional;

/** What brings factories, and what a caller may expect of it. */
public interface Feeder {
    /** The class path and the module path: what is there at the first use is all there is, apart from code. */
    Feeder FIXED = new Feeder() {};

    /** Whether a factory may arrive that is not there yet, so that a connection's first use waits for it. */
    default boolean mayBringMore() {
        return false;
    }

    /** Whether the current thread may wait at all. */
    default boolean mayPark() {
        return true;
    }

    /** Whose code it is that has called this library on the current thread; empty where nobody can tell. */
    default Optional<Caller> caller() {
        return Optional.empty();
    }
}
