package dev.bunary.orm.driver;

/** The transaction cannot be put in an order with others. */
public final class SerializationFailureException extends ConcurrencyException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param failure what the database said
     */
    public SerializationFailureException(SqlFailure failure) {
        super(failure);
    }
}
