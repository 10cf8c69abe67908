package dev.bunary.orm.it.felix.probe;

/** A bundle that uses the {@code Orm} service of the default connection, and cleans up nothing when it stops. */
public interface Guest {

    /** Its view, got from the framework now, and never given back but by {@link #giveBack}. */
    Object view();

    /** Gives the service back, as often as it was got. */
    void giveBack();

    /** Closes the view. */
    void closeView();

    /** The handle that the view's {@code getDriver()} gives now. */
    Object handle();

    /** Opens a stream of the driver, reads its first row, and keeps it. */
    String openStream(String sql);

    /** Opens a stream of a table, reads its first row, and keeps it. */
    String openTable(String table);

    /** Reads the next row of the stream opened last. */
    String nextRow();

    /** Reads rows on this thread, and runs code after each, between two reads. */
    long read(String sql, Runnable afterEach);

    /** Reads rows on this thread, and runs code while each is read. */
    long readWith(String sql, Runnable inEach);

    /** Opens a driver that is not cached on a SQLite file, and leaves it open. */
    Object openUncached(String path);

    /** Runs a transaction: the first statement, then the caller's code, then one of the view's own. */
    void transaction(String first, Runnable between, String table);

    /** Registers a {@code DriverListener}, whosever class it is. */
    void listen(Object listener);

    /** Registers a listener and a factory of its own classes. */
    void listenAndRegister();

    /** Registers a {@code DriverFactory}, whosever class it is. */
    void register(String type, Object factory);

    /** The same with {@code Bunary}'s function. */
    void registerByStatics(String type, Object factory);

    /** Sets {@code Bunary}'s configuration to a SQLite file. */
    void configure(String path);

    /** Clears {@code Bunary}'s configuration. */
    void clearConfiguration();
}
