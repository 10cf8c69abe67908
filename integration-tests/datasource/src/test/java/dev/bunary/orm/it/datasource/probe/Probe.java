package dev.bunary.orm.it.datasource.probe;

import java.util.List;
import java.util.Map;

/** What the tests ask of the consumer bundle. */
public interface Probe {

    /** What the connection's driver is doing. */
    record Status(String state, long generation, String factory, String version, List<String> candidates) {}

    /**
     * What a load did; {@code pauses} are microseconds, one per {@link RunningLoad#swap}, and {@code usual} what a
     * transaction takes that no swap overlaps.
     */
    record Outcome(
            long transactions,
            long failed,
            List<String> failures,
            long lost,
            long doubled,
            long foreign,
            List<Long> pauses,
            long usual) {}

    /** A load that runs until it is stopped. */
    interface RunningLoad {
        /** Runs a swap, and notes the longest transaction that overlaps it. */
        void swap(Step step) throws Exception;

        /** Waits for that many more transactions. */
        void awaitTransactions(long more) throws InterruptedException;

        /** Ends it and compares what was acknowledged with the table. */
        Outcome stop() throws InterruptedException;
    }

    /** One change. */
    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }

    Status status(String connection);

    long exec(String connection, String sql);

    String ask(String connection, String sql);

    /** Gives connections their properties; those not named stay. */
    void configure(String connection, Map<String, String> properties);

    /** A service of this bundle; closing unregisters it. */
    interface Announced extends AutoCloseable {
        /** Changes its {@code service.ranking}. */
        void rank(int ranking);

        @Override
        void close();
    }

    /** Registers the JDBC driver's DataSourceFactory once more, from this bundle. */
    Announced announceFactory(String driverClass, int ranking) throws Exception;

    /** Registers a DataSource made by the JDBC driver's DataSourceFactory. */
    AutoCloseable announceDataSource(String name, String url) throws Exception;

    /** Each of so many threads runs transactions of two inserts into a table, with 10 ms between them. */
    RunningLoad startLoad(String connection, String table, int threads);

    /** The events of all connections, as {@code KIND connection}. */
    List<String> events();

    void closeDriver(String connection);
}
