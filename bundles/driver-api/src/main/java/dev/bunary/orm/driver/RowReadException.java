package dev.bunary.orm.driver;

/** A row cannot be read as it was asked for. */
public abstract class RowReadException extends OrmException {
    private static final long serialVersionUID = 1L;

    /**
     * For subclasses.
     *
     * @param message names the column, never its value
     */
    protected RowReadException(String message) {
        super(message, null, null);
    }
}
