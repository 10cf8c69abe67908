package dev.bunary.orm.jdbc;

/** What a session is acquired for. A source may serve reads and writes from different connections. */
public enum Access {
    /** One statement that only reads. */
    READ,
    /** One statement that may write. */
    WRITE,
    /** A transaction that only reads. */
    READ_TRANSACTION,
    /** A transaction that may write. */
    WRITE_TRANSACTION
}
