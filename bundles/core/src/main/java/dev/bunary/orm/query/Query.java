package dev.bunary.orm.query;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A query that is ready to run. Immutable, and safe for use by many threads; each call runs it anew.
 *
 * @param <T> what a row is read into
 */
@ProviderType
public interface Query<T> {

    /**
     * Finds by key, in addition to the conditions already there.
     *
     * @param id the key's value, not null
     * @return the row, or empty
     * @throws dev.bunary.orm.driver.InvalidQueryException if the value is null or cannot be bound
     */
    Optional<T> find(Object id);

    /**
     * The first row in the query's order.
     *
     * @return the row, or empty
     */
    Optional<T> first();

    /**
     * All rows.
     *
     * @return a list of its own
     */
    List<T> all();

    /**
     * Rows as they are asked for. Holds the driver until the stream is closed or read to its end; a swap waits for it. A
     * stream that is dropped before that is ended when it is collected, with a warning that names where it was opened.
     * One that a bundle leaves open on its {@code Orm} service is ended when it stops; a thread that reads it then gets a
     * {@link dev.bunary.orm.driver.DriverClosedException}.
     *
     * @return a stream; the caller closes it
     */
    Stream<T> stream();
}
