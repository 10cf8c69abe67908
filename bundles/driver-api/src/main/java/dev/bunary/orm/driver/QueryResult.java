package dev.bunary.orm.driver;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A statement with its parameters bound. Holds no connection: each terminal call runs the statement anew and ends it, and
 * throws an {@link OrmException} if the database refuses it, the parameters do not fit or two columns have one label. Source: the result of {@code query} in {@code @bunary/orm}.
 */
@ConsumerType
@FunctionalInterface
public interface QueryResult {

    /**
     * Runs the statement.
     *
     * @return all rows, in the database's order
     */
    List<Row> all();

    /**
     * Runs the statement for its first row.
     *
     * @return the first row, or empty
     */
    default Optional<Row> get() {
        return all().stream().findFirst();
    }

    /**
     * Runs the statement and reads each row straight into an object.
     *
     * @param reader bound once to the columns, then called per row
     * @param <T> the type of the objects, never null
     * @return the objects, in the database's order
     */
    default <T> List<T> all(RowReader<T> reader) {
        List<Row> rows = all();
        if (rows.isEmpty()) {
            return List.of();
        }
        RowMapper<T> mapper = reader.bind(rows.get(0).columns());
        var read = new ArrayList<T>(rows.size());
        rows.forEach(row -> read.add(mapper.map(row)));
        return read;
    }

    /**
     * Runs the statement and reads its first row.
     *
     * @param reader bound once to the columns, then called for the row
     * @param <T> the type of the object, never null
     * @return the object, or empty
     */
    default <T> Optional<T> get(RowReader<T> reader) {
        return get().map(row -> reader.bind(row.columns()).map(row));
    }

    /**
     * Runs the statement and reads rows as they are asked for. The default reads them all first.
     *
     * <p>One thread at a time reads it. Any thread may close it, also while a row is read: that must be safe and return in
     * bounded time, and the read then ends early with an {@link OrmException}, or gives its row. In a transaction it must
     * not disturb the other work there; the rows may be given back at the transaction's next statement or its end.
     *
     * @param reader bound once to the columns, then called per row
     * @param <T> the type of the objects, never null
     * @return a stream that holds the statement open; the caller closes it
     */
    default <T> Stream<T> stream(RowReader<T> reader) {
        return all(reader).stream();
    }
}
