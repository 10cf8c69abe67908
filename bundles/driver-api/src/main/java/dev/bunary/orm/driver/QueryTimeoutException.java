package dev.bunary.orm.driver;

/** A statement ran longer than allowed, or was interrupted. */
public final class QueryTimeoutException extends SqlException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param failure what the database said
     */
    public QueryTimeoutException(SqlFailure failure) {
        super(failure);
    }
}
