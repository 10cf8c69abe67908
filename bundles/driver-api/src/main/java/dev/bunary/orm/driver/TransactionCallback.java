package dev.bunary.orm.driver;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Work to be done in a transaction. Unchecked exceptions and errors roll it back; checked ones do not pass through.
 *
 * @param <T> the type of the result
 */
@ConsumerType
@FunctionalInterface
public interface TransactionCallback<T extends @Nullable Object> {

    /**
     * Does the work.
     *
     * @param tx a driver inside the transaction; unusable after this method returned, and on other threads
     * @return the result of the transaction
     */
    T run(DatabaseDriver tx);
}
