package dev.bunary.orm.swap;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened to a connection's driver. Holds no secrets.
 *
 * @param time when it happened
 * @param kind what happened
 * @param connection the connection's name
 * @param generation the number of the driver concerned, 0 if none was opened
 * @param factory the factory concerned, if there is one
 * @param leases units of work that were in flight when a drain began
 * @param parked callers that waited
 * @param duration how long it took; zero where nothing was timed
 * @param message one line for a person; of {@code FORCED} also who held the driver, with stack, on further lines
 */
public record DriverEvent(
        Instant time,
        Kind kind,
        String connection,
        long generation,
        Optional<FactoryInfo> factory,
        long leases,
        int parked,
        Duration duration,
        String message) {

    /** What can happen to a connection's driver. */
    public enum Kind {
        /** The first driver serves. */
        BOUND,
        /** The driver is leaving. */
        DRAINING,
        /** Another driver serves. */
        REBOUND,
        /** The driver is gone and none has taken its place yet. */
        LOST,
        /** A factory could not open a working driver and is left alone for a while. */
        QUARANTINED,
        /** Work was still in flight at the drain's deadline and was ended. */
        FORCED
    }
}
