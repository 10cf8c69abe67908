package dev.bunary.orm.registry;

import dev.bunary.orm.driver.ConfigurationException;
import java.time.Duration;

/**
 * A factory that could not open a working driver for a connection, and when it may try again. The pause doubles with
 * each failure in a row.
 *
 * @param failure what went wrong last
 * @param failures how many times in a row
 * @param until a point of {@link System#nanoTime}
 * @param lifted whether something changed since, so that the next try may well succeed
 */
record Quarantine(DriverFailure failure, int failures, long until, boolean lifted) {
    private static final long FIRST_PAUSE = Duration.ofMillis(100).toNanos();
    private static final int MOST_DOUBLINGS = 7; // 12.8 s

    static Quarantine first(DriverFailure failure) {
        return new Quarantine(failure, 1, System.nanoTime() + FIRST_PAUSE, false);
    }

    Quarantine again(DriverFailure newFailure) {
        long pause = FIRST_PAUSE << Math.min(failures, MOST_DOUBLINGS);
        return new Quarantine(newFailure, failures + 1, System.nanoTime() + pause, false);
    }

    Quarantine retryNow() {
        return new Quarantine(failure, failures, System.nanoTime(), true);
    }

    /** Whether the same again may end otherwise: not with a wrong configuration. */
    boolean isWorthATry() {
        return !(failure.cause() instanceof ConfigurationException);
    }

    long remaining() {
        return until - System.nanoTime();
    }

    boolean isOver() {
        return remaining() <= 0;
    }
}
