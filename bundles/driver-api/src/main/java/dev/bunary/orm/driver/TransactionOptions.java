package dev.bunary.orm.driver;

/**
 * What a transaction is for.
 *
 * @param readOnly whether it only reads; a driver may then run it beside a writer
 */
public record TransactionOptions(boolean readOnly) {
    /** Reads and writes. */
    public static final TransactionOptions READ_WRITE = new TransactionOptions(false);

    /** Only reads; writing is an error where the database can tell. */
    public static final TransactionOptions READ_ONLY = new TransactionOptions(true);
}
