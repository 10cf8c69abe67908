package dev.bunary.orm.driver;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Reads rows into objects by index: resolves its columns once per statement, then maps each row.
 *
 * <pre>{@code
 * RowReader<User> users = columns -> {
 *     int id = columns.index("id");
 *     int name = columns.index("name");
 *     return row -> new User(row.getLong(id), row.getString(name));
 * };
 * }</pre>
 *
 * @param <T> the type of the objects
 */
@ConsumerType
@FunctionalInterface
public interface RowReader<T> {

    /**
     * Looks the columns up. Must be safe for use by many threads, as a reader may be shared.
     *
     * @param columns the columns of the result
     * @return what maps each row of this result; used by one thread at a time
     */
    RowMapper<T> bind(Columns columns);
}
