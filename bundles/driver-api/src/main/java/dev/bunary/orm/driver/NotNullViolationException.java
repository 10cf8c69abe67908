package dev.bunary.orm.driver;

/** A column that must have a value got none. */
public final class NotNullViolationException extends ConstraintViolationException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param failure what the database said
     */
    public NotNullViolationException(SqlFailure failure) {
        super(failure);
    }
}
