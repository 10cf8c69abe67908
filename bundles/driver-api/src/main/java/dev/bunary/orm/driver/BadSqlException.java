package dev.bunary.orm.driver;

/** The database does not understand the statement: syntax, table, column or parameters. */
public final class BadSqlException extends SqlException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param failure what the database said
     */
    public BadSqlException(SqlFailure failure) {
        super(failure);
    }
}
