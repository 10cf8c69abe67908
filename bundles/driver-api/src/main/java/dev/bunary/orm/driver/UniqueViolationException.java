package dev.bunary.orm.driver;

/** A row with the same unique or primary key exists. */
public final class UniqueViolationException extends ConstraintViolationException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param failure what the database said
     */
    public UniqueViolationException(SqlFailure failure) {
        super(failure);
    }
}
