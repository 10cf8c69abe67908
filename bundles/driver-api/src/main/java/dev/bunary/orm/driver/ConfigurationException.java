package dev.bunary.orm.driver;

import org.jspecify.annotations.Nullable;

/** A configuration is missing or wrong. Reported at once and never retried: waiting would not help. */
public final class ConfigurationException extends OrmException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param message subject, rule, what was seen, what to do
     */
    public ConfigurationException(String message) {
        this(message, null);
    }

    /**
     * Makes the error with its cause.
     *
     * @param message subject, rule, what was seen, what to do
     * @param cause the cause, or null
     */
    public ConfigurationException(String message, @Nullable Throwable cause) {
        super(message, null, cause);
    }
}
