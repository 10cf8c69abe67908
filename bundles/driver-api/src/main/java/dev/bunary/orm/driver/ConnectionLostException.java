package dev.bunary.orm.driver;

/** The connection to the database broke; whether a change was made is unknown. */
public final class ConnectionLostException extends SqlException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param failure what the database said
     */
    public ConnectionLostException(SqlFailure failure) {
        super(failure);
    }
}
