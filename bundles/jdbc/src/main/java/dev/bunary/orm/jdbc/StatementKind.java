package dev.bunary.orm.jdbc;

/** What a statement does, as far as its first keyword tells. */
public enum StatementKind {
    /** SELECT, VALUES, EXPLAIN. */
    READ,
    /** INSERT, UPDATE, DELETE, REPLACE, MERGE, WITH. */
    CHANGE,
    /** BEGIN, START, COMMIT, END, ROLLBACK: only the driver runs these. */
    TRANSACTION,
    /** SAVEPOINT, RELEASE, ROLLBACK TO: only inside a transaction. */
    SAVEPOINT,
    /** Everything else, such as CREATE, ALTER and PRAGMA. */
    OTHER
}
