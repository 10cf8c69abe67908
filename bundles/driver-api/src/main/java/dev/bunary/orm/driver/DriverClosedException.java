package dev.bunary.orm.driver;

import org.jspecify.annotations.Nullable;

/** The driver was closed, or its connection now leads to another database. */
public final class DriverClosedException extends DriverException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param message subject, rule, what was seen, what to do
     */
    public DriverClosedException(String message) {
        this(message, null);
    }

    /**
     * Makes the error with its cause.
     *
     * @param message subject, rule, what was seen, what to do
     * @param cause the cause, or null
     */
    public DriverClosedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
