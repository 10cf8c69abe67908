package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DatabaseConfig;
import java.time.Duration;

/**
 * A factory that could not open a working driver for a connection, and when it may try again. The pause doubles with
 * each failure in a row.
 *
 * @param cause what went wrong last
 * @param failures how many times in a row
 * @param until a point of {@link System#nanoTime}
 */
record Quarantine(Throwable cause, int failures, long until) {
    private static final long FIRST_PAUSE = Duration.ofMillis(100).toNanos();
    private static final int MOST_DOUBLINGS = 7; // 12.8 s

    static Quarantine first(Throwable cause) {
        return new Quarantine(cause, 1, System.nanoTime() + FIRST_PAUSE);
    }

    Quarantine again(Throwable newCause) {
        long pause = FIRST_PAUSE << Math.min(failures, MOST_DOUBLINGS);
        return new Quarantine(newCause, failures + 1, System.nanoTime() + pause);
    }

    Quarantine retryNow() {
        return new Quarantine(cause, failures, System.nanoTime());
    }

    long remaining() {
        return until - System.nanoTime();
    }

    boolean isOver() {
        return remaining() <= 0;
    }

    /** The cause's class and message, without the secrets that a driver may have put there. */
    static String reason(Throwable cause, DatabaseConfig config) {
        String message = cause.getMessage();
        return cause.getClass().getSimpleName() + (message == null ? "" : ": " + config.redact(message));
    }
}
