package dev.bunary.orm.driver;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Maps one row to one object.
 *
 * @param <T> the type of the object
 */
@ConsumerType
@FunctionalInterface
public interface RowMapper<T> {

    /**
     * Maps the current row.
     *
     * @param row the values of the current row, valid only during this call
     * @return the object, never null
     */
    T map(Values row);
}
