package dev.bunary.orm.soak;

import java.util.random.RandomGenerator;

/** The kinds of work in the load, with their share in percent. */
public enum Operation {
    /** Reads one user by key. */
    FIND(30),
    /** Lists a user's posts. */
    LIST(20),
    /** Streams users and counts the posts of each inside the stream. */
    STREAM(10),
    /** Writes one row, which commits itself. */
    WRITE(25),
    /** Writes two rows in a transaction. */
    TRANSACTION(15);

    private final int percent;

    Operation(int percent) {
        this.percent = percent;
    }

    static Operation pick(RandomGenerator random) {
        int left = random.nextInt(100);
        for (Operation operation : values()) {
            left -= operation.percent;
            if (left < 0) {
                return operation;
            }
        }
        throw new IllegalStateException("the shares of the operations do not add up to 100");
    }
}
