package dev.bunary.orm.it.felix.probe;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The consumer bundle, seen from the test: an OSGi service over the {@code Orm} service of the default connection. */
public interface Probe {

    /** The handle that {@code getDriver()} gives now. */
    Object handle();

    /** The status of the default connection. */
    Status status();

    /** Runs a statement that changes something, on the current driver. */
    long exec(String sql);

    /** The same on a handle taken earlier. */
    long exec(Object handle, String sql);

    /** The first column of the first row, on the current driver. */
    String ask(String sql);

    /** The same on a handle taken earlier. */
    String ask(Object handle, String sql);

    /** Runs a transaction of two statements on a handle taken earlier. */
    void transaction(Object handle, String first, String second);

    /** Runs a transaction: the first statement, then the caller's code, then the second statement. */
    void transaction(String first, Runnable between, String second);

    /** Reads the numbers 1 to 1,000 as a stream and runs code after the first. Gives the sum. */
    long stream(Runnable afterFirst);

    /** The kinds of the events seen so far, in order. */
    List<String> events();

    /** Runs code inside a listener, each time it is told an event of that kind. */
    void listen(String kind, Runnable reaction);

    /** The factories that could serve, best first, as {@code bundle version}. */
    List<String> candidates();

    /** Gives the default connection another configuration. */
    void configure(String type, Map<String, String> properties);

    /** A {@code DriverListener} that passes each event's kind on; of the consumer's classes. */
    Object listener(Consumer<String> kinds);

    /** A {@code DriverFactory} of drivers in memory; of the consumer's classes. */
    Object factory();

    /** Registers a {@code DriverFactory}, whosever class it is. Closing takes it back. */
    AutoCloseable register(String type, Object factory);

    /** Pins the candidate of that version. */
    void pin(String version);

    /** Pins none any more. */
    void unpin();

    /** Closes the current driver. */
    void closeDriver();

    /** Whether a driver of a type can be opened. */
    boolean opens(String type);

    /** Starts writers on the file of the default connection, which another {@code Orm} and others reach by other paths. */
    Sharing shareFile(String journalMode, String linked, String relative);

    /** Starts load on the default connection. The tables are made first. */
    RunningLoad startLoad(int threads, long seed);

    /** Load that runs. */
    interface RunningLoad {
        /** Tells it to stop, without waiting. */
        void end();

        /** Waits until this many more rows have been written; fails if the load has ended. */
        void awaitWrites(long more) throws InterruptedException;

        /** Runs a swap and measures how it holds the threads up. */
        void swap(Runnable swap) throws InterruptedException;

        /** The pauses of all swaps measured so far, for a person. */
        String pauses();

        /** Stops it and compares the ledger with the table. */
        Outcome stop() throws InterruptedException;
    }

    /** Threads that write to one file through drivers of their own, as {@code Writers} does. */
    interface Sharing extends AutoCloseable {
        /** Waits until each thread has had that many more writes acknowledged. */
        void awaitEach(int writes) throws InterruptedException;

        /** Stops them and compares the ledger with the table. */
        Shared stop() throws InterruptedException;

        /** Ends what still runs. */
        @Override
        void close();
    }

    /**
     * What writers did.
     *
     * @param clean whether nothing failed, nothing is lost or doubled and the database is whole
     * @param refusals how often the driver of each was closed under it: cached, of the other Orm, reset, uncached
     * @param forced drains that ended work by force
     * @param text all of it, for a person
     */
    record Shared(boolean clean, List<Long> refusals, long forced, String text) {}

    /**
     * What load did.
     *
     * @param operations units of work that succeeded
     * @param failed units of work that failed
     * @param failures the first few failures
     * @param acknowledged rows that were acknowledged
     * @param ledger {@code agrees}, or how ledger and table differ
     * @param integrity what SQLite says of its file
     */
    record Outcome(
            long operations, long failed, List<String> failures, long acknowledged, String ledger, String integrity) {}

    /**
     * One connection's state.
     *
     * @param state the slot's state
     * @param generation the number of its driver
     * @param factory symbolic name of the bundle whose factory serves, empty if there is none
     * @param version that bundle's version
     * @param leases units of work in flight
     * @param parked callers that wait
     */
    record Status(String state, long generation, String factory, String version, long leases, int parked) {}
}
