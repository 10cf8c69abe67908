package dev.bunary.orm.driver;

/** A referenced row is missing, or a row is still referenced. */
public final class ForeignKeyViolationException extends ConstraintViolationException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param failure what the database said
     */
    public ForeignKeyViolationException(SqlFailure failure) {
        super(failure);
    }
}
