package dev.bunary.orm.driver.datasource;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Asks a DataSource for each connection; the DataSource is the user's, and so is what it keeps. */
final class DirectConnections implements ConnectionPool {
    private final DataSource dataSource;
    private final Credentials credentials;

    DirectConnections(DataSource dataSource, Credentials credentials) {
        this.dataSource = dataSource;
        this.credentials = credentials;
    }

    @Override
    public Connection take() throws SQLException {
        return credentials.connect(dataSource);
    }

    /** The next borrower of a user's pool must not find our transaction, or our read-only mode. */
    @Override
    public void giveBack(Connection connection) throws SQLException {
        try (connection) {
            if (connection.isClosed()) {
                return;
            }
            if (!connection.getAutoCommit()) {
                // in this order: setAutoCommit commits what is open (JDBC 4.3 10.1.1)
                connection.rollback();
                connection.setAutoCommit(true);
            }
            if (connection.isReadOnly()) {
                connection.setReadOnly(false);
            }
        }
    }

    @Override
    public void close() {
        // the DataSource is not ours
    }
}
