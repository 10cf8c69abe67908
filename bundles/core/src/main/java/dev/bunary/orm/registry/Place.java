package dev.bunary.orm.registry;

import java.util.Set;

/** Where a generation serves, and who is told of its way out. Called outside the generation's locks. */
interface Place {
    /** Of a driver that is not yet in use. */
    Place NOWHERE = closed -> {};

    default void draining(Generation generation, long leases) {}

    default void forced(Generation generation, Set<PinnedLease> holders) {}

    default void closing(Generation generation) {}

    void closed(Generation generation);

    default void stuck(Generation generation, DriverFailure failure) {
        SwapLog.log(
                System.Logger.Level.ERROR,
                "close() of a driver of " + generation.candidate() + " failed",
                failure.cause());
    }
}
