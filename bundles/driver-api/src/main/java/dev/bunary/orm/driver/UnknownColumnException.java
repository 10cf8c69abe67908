package dev.bunary.orm.driver;

/** A result has no such column. */
public final class UnknownColumnException extends RowReadException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param message names the column, never its value
     */
    public UnknownColumnException(String message) {
        super(message);
    }
}
