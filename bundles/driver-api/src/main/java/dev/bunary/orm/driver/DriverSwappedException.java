package dev.bunary.orm.driver;

import org.jspecify.annotations.Nullable;

/**
 * A swap ended a unit of work that was not done when the drain's deadline came. {@link #isOutcomeKnown} tells whether it
 * was rolled back, so that it may be run again, or whether a commit was in flight.
 */
public final class DriverSwappedException extends DriverException {
    private static final long serialVersionUID = 1L;

    private final long generation;
    private final boolean outcomeKnown;

    /**
     * Makes the error.
     *
     * @param message subject, rule, what was seen, what to do
     * @param generation the number of the driver's generation that ended
     * @param outcomeKnown true if nothing of the work was committed
     * @param cause what the work saw when it was ended, or null
     */
    public DriverSwappedException(String message, long generation, boolean outcomeKnown, @Nullable Throwable cause) {
        super(message, cause);
        this.generation = generation;
        this.outcomeKnown = outcomeKnown;
    }

    /**
     * The generation of the driver that ended.
     *
     * @return its number, from 1
     */
    public long generation() {
        return generation;
    }

    /**
     * Whether it is certain that nothing of the work was committed.
     *
     * @return true if rolled back, false if a commit was in flight
     */
    public boolean isOutcomeKnown() {
        return outcomeKnown;
    }

    /** Work that was rolled back may be run again; work of unknown outcome may not. */
    @Override
    public boolean isRetryable() {
        return outcomeKnown;
    }
}
