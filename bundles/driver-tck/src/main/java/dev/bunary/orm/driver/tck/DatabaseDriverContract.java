package dev.bunary.orm.driver.tck;

/**
 * The tests every driver inherits. A driver's whole test class says how to make the driver and where its database is:
 *
 * <pre>{@code
 * final class SqliteDriverTest extends DatabaseDriverContract {
 *     @TempDir
 *     Path folder;
 *
 *     @Override
 *     protected DriverFactory factory() {
 *         return new SqliteDriverFactory();
 *     }
 *
 *     @Override
 *     protected DatabaseConfig config() {
 *         return DatabaseConfig.of("sqlite", Map.of("path", folder.resolve("contract.db").toString()));
 *     }
 * }
 * }</pre>
 *
 * <p>A driver with the four methods and {@code Dialect.STANDARD} passes the required tests. What it lacks beyond them it
 * says by overriding the methods that answer yes here: their tests are then reported as skipped. A driver that is to be
 * swapped while it works lacks none. Column types that a database writes otherwise are given by {@link #columnType}.
 *
 * <p>The tests use portable SQL with identifiers quoted by the driver's dialect, a new driver for each test, at most
 * four threads, and wait with limits.
 */
public abstract class DatabaseDriverContract extends CloseContract {

    /** For the driver's test class. */
    protected DatabaseDriverContract() {}
}
