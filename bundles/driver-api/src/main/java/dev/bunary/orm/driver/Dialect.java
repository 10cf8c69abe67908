package dev.bunary.orm.driver;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * How a database writes SQL where databases differ. The defaults are what most of them take. Stateless, safe for use by
 * many threads. Identifiers arrive validated and are quoted here; values never arrive, they are bound.
 */
@ConsumerType
public interface Dialect {

    /** Double quotes, LIMIT and OFFSET, RETURNING, SAVEPOINT. */
    Dialect STANDARD = new Dialect() {};

    /**
     * Quotes one identifier, without a table or schema before it.
     *
     * @param identifier any text without control characters
     * @return the quoted identifier; a quote inside is doubled (SQL:2016 5.2)
     */
    default String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /**
     * The clause that limits a select. {@code :limit} and {@code :offset} stand where the bound numbers go, each at most
     * once and in the order this database wants.
     *
     * @param limit whether there is a limit
     * @param offset whether there is an offset
     * @return the clause, such as {@code LIMIT :limit OFFSET :offset}; empty if both are false
     */
    default String limitOffset(boolean limit, boolean offset) {
        if (limit) {
            return offset ? "LIMIT :limit OFFSET :offset" : "LIMIT :limit";
        }
        return offset ? "OFFSET :offset" : "";
    }

    /**
     * How many parameters one statement may have.
     *
     * @return the number, 32,766 unless overridden
     */
    default int maxBindings() {
        return 32_766;
    }

    /**
     * Whether one INSERT takes several rows of values (SQL:2016, feature F641).
     *
     * @return false unless overridden
     */
    default boolean insertsManyRows() {
        return false;
    }

    /**
     * An insert of one row of defaults.
     *
     * @param table the quoted table
     * @return the statement
     */
    default String insertDefaults(String table) {
        return "INSERT INTO " + table + " DEFAULT VALUES";
    }

    /**
     * An insert that gives generated keys.
     *
     * @param insert the statement
     * @param keys the columns to give back, at least one, not quoted
     * @return the statement with its RETURNING clause
     */
    default String returning(String insert, List<String> keys) {
        return insert + keys.stream().map(this::quote).collect(Collectors.joining(", ", " RETURNING ", ""));
    }

    /**
     * Sets a savepoint.
     *
     * @param name a plain name
     * @return the statement
     */
    default String savepoint(String name) {
        return "SAVEPOINT " + name;
    }

    /**
     * Goes back to a savepoint, which stays.
     *
     * @param name its name
     * @return the statement
     */
    default String rollbackTo(String name) {
        return "ROLLBACK TO SAVEPOINT " + name;
    }

    /**
     * Forgets a savepoint.
     *
     * @param name its name
     * @return the statement
     */
    default String release(String name) {
        return "RELEASE SAVEPOINT " + name;
    }

    /**
     * A statement that proves that a new driver can query.
     *
     * @return a query without parameters, {@code SELECT 1} unless overridden
     */
    default String validation() {
        return "SELECT 1";
    }

    /**
     * A statement that lists the columns of a table in their order, one text column per row.
     *
     * @param table the table, not quoted, as the query named it; may hold a schema before a dot
     * @return a query without parameters, or empty if the database cannot tell
     */
    default Optional<String> columnsQuery(String table) {
        return Optional.empty();
    }
}
