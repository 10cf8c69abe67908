package dev.bunary.orm.driver.datasource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import javax.sql.DataSource;

/** A HikariCP pool on a DataSource; its threads end with {@link #close}. */
final class HikariConnections implements ConnectionPool {
    private static final System.Logger LOG = System.getLogger(HikariConnections.class.getName());

    private final HikariDataSource pool;

    private HikariConnections(HikariDataSource pool) {
        this.pool = pool;
    }

    /** Opens a pool, and in it the first connection. */
    static HikariConnections open(DataSource dataSource, Credentials credentials, DataSourceSettings.Pool measures) {
        var config = new HikariConfig();
        // only the DataSource: HikariCP would look for a class name or a URL with the context class loader
        config.setDataSource(new UnnamedDataSource(dataSource));
        credentials.user().ifPresent(user -> {
            config.setUsername(user);
            config.setPassword(credentials.password());
        });
        config.setMaximumPoolSize(measures.size());
        config.setMinimumIdle(measures.minIdle());
        config.setConnectionTimeout(measures.timeout());
        config.setIdleTimeout(measures.idleTimeout());
        config.setMaxLifetime(measures.maxLifetime());
        var threads = new PoolThreads(dataSource);
        config.setThreadFactory(threads);
        var connections = new HikariConnections(open(config, threads));
        connections.fill(measures.minIdle());
        return connections;
    }

    /** HikariCP opens the first connection on the thread that makes the pool. */
    private static HikariDataSource open(HikariConfig config, PoolThreads threads) {
        var opening = new FutureTask<>(() -> new HikariDataSource(config));
        threads.newThread(opening).start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return opening.get();
                } catch (InterruptedException later) { // bounded: HikariCP gives up after the pool's time-out
                    interrupted = true;
                }
            }
        } catch (ExecutionException failed) {
            throw OpenFailure.of(failed);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Opens the connections that are kept idle, which HikariCP would do later and one after the other: those who come
     * first after a swap would wait for each other's. A database that gives fewer is served with fewer.
     */
    private void fill(int connections) {
        try {
            take(connections);
        } catch (SQLException fewer) {
            LOG.log(System.Logger.Level.DEBUG, () -> OpenFailure.of(fewer).getMessage());
        }
    }

    private void take(int connections) throws SQLException {
        if (connections > 0) {
            Connection one = take();
            try {
                take(connections - 1);
            } finally {
                giveBack(one);
            }
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
