package dev.bunary.orm.driver;

import org.jspecify.annotations.Nullable;

/** A query cannot be built or run as it was asked for: a bad identifier, operator, number or parameter. */
public final class InvalidQueryException extends OrmException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param message subject, rule, what was seen, what to do
     */
    public InvalidQueryException(String message) {
        this(message, null);
    }

    /**
     * Makes the error with its cause.
     *
     * @param message subject, rule, what was seen, what to do
     * @param cause the cause, or null
     */
    public InvalidQueryException(String message, @Nullable Throwable cause) {
        super(message, null, cause);
    }
}
