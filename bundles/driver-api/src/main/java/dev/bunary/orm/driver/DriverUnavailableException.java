package dev.bunary.orm.driver;

import org.jspecify.annotations.Nullable;

/** A connection had no working driver in time. Run again later the work may succeed; none of it was done. */
public final class DriverUnavailableException extends DriverException {
    private static final long serialVersionUID = 1L;

    private final String state;

    /**
     * Makes the error.
     *
     * @param message subject, rule, what was seen, what to do
     * @param state the state the connection was in, such as {@code UNBOUND}
     * @param cause the last reason why a driver could not be opened, or null
     */
    public DriverUnavailableException(String message, String state, @Nullable Throwable cause) {
        super(message, cause);
        this.state = state;
    }

    /**
     * The state the connection was in.
     *
     * @return a state's name, such as {@code UNBOUND}
     */
    public String state() {
        return state;
    }

    /** A driver may come. */
    @Override
    public boolean isRetryable() {
        return true;
    }
}
