package dev.bunary.orm.driver;

/** The work collided with other work; run again it may succeed. */
public class ConcurrencyException extends SqlException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param failure what the database said
     */
    public ConcurrencyException(SqlFailure failure) {
        super(failure);
    }

    /** Such a conflict is over once the other work ended. */
    @Override
    public boolean isRetryable() {
        return true;
    }
}
