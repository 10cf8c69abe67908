package dev.bunary.orm.driver;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One open database. Four methods make a complete driver; the rest are defaults to override for speed and for SQL.
 *
 * <p>Used by many threads at once. Parameters are bound, never spliced into the text; the types every driver must accept
 * are those listed at {@link Values}. After {@link #close} every use is an {@link OrmException}. Source of the four methods: {@code DatabaseDriver} of {@code @bunary/orm}.
 */
@ConsumerType
public interface DatabaseDriver extends AutoCloseable {

    /**
     * Binds a statement that gives rows. Runs nothing yet: each terminal call of the result runs it.
     *
     * @param sql one statement with {@code ?} for each parameter
     * @param params the parameters in order; null binds SQL NULL
     * @return the bound statement; what is wrong with it is told by its terminal calls
     */
    QueryResult query(String sql, @Nullable Object... params);

    /**
     * Runs a statement that changes something.
     *
     * @param sql one statement with {@code ?} for each parameter
     * @param params the parameters in order; null binds SQL NULL
     * @return the number of rows it affected; 0 for a statement that affects none, such as CREATE TABLE
     * @throws OrmException if the database refuses it, or the parameters do not fit
     */
    long exec(String sql, @Nullable Object... params);

    /**
     * Runs work in a transaction: commits when it returns, rolls back when it throws anything, and throws that on. The ORM
     * never calls it inside a transaction, but sets savepoints there with the dialect's statements.
     *
     * @param work called once, on this thread, with a driver that works inside the transaction and ends with it
     * @param <T> the type of the result
     * @return what the work returned
     * @throws OrmException if the transaction cannot begin or commit, or {@link #close} ended it; nothing is changed
     *     then, unless it is a {@link ConnectionLostException}
     */
    <T extends @Nullable Object> T transaction(TransactionCallback<T> work);

    /**
     * Ends the driver. May be called from another thread while work runs: it then ends that work, and returns in bounded
     * time. Calling it again does nothing.
     */
    @Override
    void close();

    /**
     * How this database writes SQL.
     *
     * @return the dialect, the same at every call
     */
    default Dialect dialect() {
        return Dialect.STANDARD;
    }

    /**
     * Runs work in a transaction with options. The default ignores them, which is right for a database that has no
     * read-only transactions.
     *
     * @param options what the transaction is for
     * @param work as for {@link #transaction(TransactionCallback)}
     * @param <T> the type of the result
     * @return what the work returned
     */
    default <T extends @Nullable Object> T transaction(TransactionOptions options, TransactionCallback<T> work) {
        return transaction(work);
    }

    /**
     * Runs one statement for many rows of parameters. The default runs them one by one; outside a transaction each row
     * then stands for itself.
     *
     * @param sql one statement with {@code ?} for each parameter
     * @param rows the parameters of each run
     * @return the affected rows of each run, in order
     */
    default long[] execBatch(String sql, List<@Nullable Object[]> rows) {
        long[] affected = new long[rows.size()];
        for (int i = 0; i < affected.length; i++) {
            affected[i] = exec(sql, rows.get(i));
        }
        return affected;
    }

    /**
     * Binds an insert that gives generated keys. Runs nothing yet, like {@link #query}. The default appends
     * {@link Dialect#returning}.
     *
     * @param sql an INSERT statement
     * @param keys the columns to give back, at least one, not quoted
     * @param params the parameters in order
     * @return the bound insert; its rows hold the keys
     */
    default QueryResult insert(String sql, List<String> keys, @Nullable Object... params) {
        return query(dialect().returning(sql, keys), params);
    }

    /**
     * The columns of a table, as far as this driver can tell. The default asks {@link Dialect#columnsQuery}.
     *
     * @param table the table, not quoted
     * @return the column names in their order; empty if unknown
     */
    default List<String> columns(String table) {
        return dialect()
                .columnsQuery(table)
                .map(sql -> {
                    var names = new ArrayList<String>();
                    query(sql).all().forEach(row -> names.add(row.getString(0)));
                    return List.copyOf(names);
                })
                .orElse(List.of());
    }
}
