package dev.bunary.orm.driver;

import org.jspecify.annotations.Nullable;

/** There is no driver to do the work, or it went away. */
public abstract class DriverException extends OrmException {
    private static final long serialVersionUID = 1L;

    /**
     * For subclasses.
     *
     * @param message subject, rule, what was seen, what to do
     * @param cause the cause, or null
     */
    protected DriverException(String message, @Nullable Throwable cause) {
        super(message, null, cause);
    }
}
