package dev.bunary.orm.driver;

/** A constraint of the database refuses the change. */
public class ConstraintViolationException extends SqlException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param failure what the database said
     */
    public ConstraintViolationException(SqlFailure failure) {
        super(failure);
    }
}
