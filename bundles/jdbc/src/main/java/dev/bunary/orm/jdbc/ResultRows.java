package dev.bunary.orm.jdbc;

import dev.bunary.orm.driver.Columns;
import dev.bunary.orm.driver.Values;
import java.sql.SQLException;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** The rows of a running statement, before the first one at first. Used by one thread at a time. */
@ConsumerType
public interface ResultRows extends AutoCloseable {

    /**
     * Reads the labels. Asked once per prepared statement, and again when its columns may have changed.
     *
     * @return the labels in order
     * @throws SQLException if the JDBC driver cannot tell
     */
    List<String> labels() throws SQLException;

    /**
     * How many columns there are. Asked at every execution, so it must be cheap. Matters where a prepared statement
     * silently follows a changed table.
     *
     * @param known the number of columns when the labels were last read
     * @return the number of columns now
     * @throws SQLException if the JDBC driver cannot tell
     */
    int columnCount(int known) throws SQLException;

    /**
     * The values of the row these rows stand on; one object serves all rows.
     *
     * @param columns the header
     * @return the values
     * @throws SQLException if the JDBC driver cannot tell
     */
    Values values(Columns columns) throws SQLException;

    /**
     * Moves to the next row.
     *
     * @return false after the last
     * @throws SQLException if the database could not go on
     */
    boolean next() throws SQLException;

    /**
     * Ends the execution; the statement can be run again. Calling it again does nothing.
     *
     * @throws SQLException if the database could not end it
     */
    @Override
    void close() throws SQLException;
}
