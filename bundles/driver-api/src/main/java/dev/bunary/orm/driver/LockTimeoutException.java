package dev.bunary.orm.driver;

/** A lock was not free in time. */
public final class LockTimeoutException extends ConcurrencyException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param failure what the database said
     */
    public LockTimeoutException(SqlFailure failure) {
        super(failure);
    }
}
