package dev.bunary.orm.driver;

/** The database ended this work to resolve a deadlock. */
public final class DeadlockException extends ConcurrencyException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param failure what the database said
     */
    public DeadlockException(SqlFailure failure) {
        super(failure);
    }
}
