package dev.bunary.orm.driver.datasource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** A HikariCP pool on a DataSource; its threads end with {@link #close}. */
final class HikariConnections implements ConnectionPool {
    private final HikariDataSource pool;

    private HikariConnections(HikariDataSource pool) {
        this.pool = pool;
    }

    /** Opens a pool, and in it the first connection. */
    static HikariConnections open(DataSource dataSource, Credentials credentials, DataSourceSettings.Pool measures) {
        var config = new HikariConfig();
        // only the DataSource: HikariCP would look for a class name or a URL with the context class loader
        config.setDataSource(dataSource);
        credentials.user().ifPresent(user -> {
            config.setUsername(user);
            config.setPassword(credentials.password());
        });
        config.setMaximumPoolSize(measures.size());
        config.setMinimumIdle(measures.minIdle());
        config.setConnectionTimeout(measures.timeout());
        config.setIdleTimeout(measures.idleTimeout());
        config.setMaxLifetime(measures.maxLifetime());
        try {
            return new HikariConnections(new HikariDataSource(config));
        } catch (RuntimeException failure) {
            throw OpenFailure.of(failure);
        }
    }

    @Override
    public Connection take() throws SQLException {
        return pool.getConnection();
    }

    /** HikariCP rolls back what is open and sets the connection's modes back. */
    @Override
    public void giveBack(Connection connection) throws SQLException {
        connection.close();
    }

    @Override
    public void close() {
        pool.close();
    }
}
