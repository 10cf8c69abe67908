package dev.bunary.orm.driver.datasource;

import java.sql.Connection;
import java.sql.SQLException;

/** Where connections come from. Used by many threads at once. */
interface ConnectionPool extends AutoCloseable {

    /** A connection in auto-commit mode; waits for one for a bounded time. */
    Connection take() throws SQLException;

    /** Takes a connection back, whatever was left open on it. */
    void giveBack(Connection connection) throws SQLException;

    /** Closes all connections and ends all threads; bounded. */
    @Override
    void close();
}
