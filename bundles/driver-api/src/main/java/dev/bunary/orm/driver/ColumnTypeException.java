package dev.bunary.orm.driver;

/** A column's value is NULL, or cannot be read as the type that was asked for. */
public final class ColumnTypeException extends RowReadException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the error.
     *
     * @param message names the column, never its value
     */
    public ColumnTypeException(String message) {
        super(message);
    }
}
