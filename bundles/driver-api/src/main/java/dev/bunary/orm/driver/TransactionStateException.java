package dev.bunary.orm.driver;

import org.jspecify.annotations.Nullable;

/** A transaction is used after its end, from another thread, or in a way its state does not allow. */
public final class TransactionStateException extends OrmException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param message subject, rule, what was seen, what to do
     */
    public TransactionStateException(String message) {
        this(message, null);
    }

    /**
     * Makes the error with its cause.
     *
     * @param message subject, rule, what was seen, what to do
     * @param cause the cause, or null
     */
    public TransactionStateException(String message, @Nullable Throwable cause) {
        super(message, null, cause);
    }
}
