package dev.bunary.orm.driver;

/** A CHECK constraint is not met. */
public final class CheckViolationException extends ConstraintViolationException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param failure what the database said
     */
    public CheckViolationException(SqlFailure failure) {
        super(failure);
    }
}
