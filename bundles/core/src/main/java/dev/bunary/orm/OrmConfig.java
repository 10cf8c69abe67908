package dev.bunary.orm;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.registry.Timeouts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Named connections and how long swaps may take. An immutable value; {@code toString} shows no secrets. Source of the
 * names: {@code OrmConfig} of {@code @bunary/orm}.
 *
 * @param connections configuration per connection name; copied, in the given order
 * @param acquireTimeout how long a caller waits for a driver during a swap
 * @param drainTimeout how long a swap waits for work in flight before it ends that work
 * @param openTimeout how long a factory may take to open a driver
 */
public record OrmConfig(
        Map<String, DatabaseConfig> connections, Duration acquireTimeout, Duration drainTimeout, Duration openTimeout) {

    /** The connection that is meant where none is named. */
    public static final String DEFAULT_CONNECTION = "default";

    private static final Duration ACQUIRE = Duration.ofSeconds(10);
    private static final Duration DRAIN = Duration.ofSeconds(5);
    private static final Duration OPEN = Duration.ofSeconds(10);

    static final Timeouts DEFAULT_TIMEOUTS = new Timeouts(ACQUIRE, DRAIN, OPEN);

    /**
     * Checks and copies.
     *
     * @throws ConfigurationException if there is no connection, a name is blank, a database is null, or a time-out is
     *     not positive
     */
    public OrmConfig {
        if (connections.isEmpty()) {
            throw new ConfigurationException("the ORM configuration has no connection; add one named 'default'");
        }
        connections.forEach((name, database) -> {
            requireName(name);
            requireDatabase(name, database);
        });
        connections = Collections.unmodifiableMap(new LinkedHashMap<>(connections));
        requirePositive("acquireTimeout", acquireTimeout);
        requirePositive("drainTimeout", drainTimeout);
        requirePositive("openTimeout", openTimeout);
    }

    /**
     * One connection, named {@code default}, and the default time-outs: 10 s to acquire, 5 s to drain, 10 s to open.
     *
     * @param database the database
     * @return the configuration
     */
    public static OrmConfig of(DatabaseConfig database) {
        requireDatabase(DEFAULT_CONNECTION, database);
        return new OrmConfig(Map.of(DEFAULT_CONNECTION, database), ACQUIRE, DRAIN, OPEN);
    }

    /**
     * Reads a properties file. Keys are {@code connection.NAME.type}, {@code connection.NAME.PROPERTY},
     * {@code acquireTimeout}, {@code drainTimeout} and {@code openTimeout}; a time-out is a number with {@code ms} or
     * {@code s}, such as {@code 500ms}. {@code ${env:NAME}} in a value stands for an environment variable, so that a
     * secret need not be in the file.
     *
     * @param file a properties file in UTF-8
     * @return the configuration
     * @throws ConfigurationException if the file cannot be read, or a key, a time-out or a variable is wrong
     */
    public static OrmConfig load(Path file) {
        return ConfigFile.read(file, System.getenv());
    }

    /**
     * This configuration with one connection added or replaced.
     *
     * @param connection its name
     * @param database its database
     * @return a new configuration
     * @throws ConfigurationException if the name is blank
     */
    public OrmConfig with(String connection, DatabaseConfig database) {
        requireName(connection);
        var all = new LinkedHashMap<>(connections);
        all.put(connection, database);
        return new OrmConfig(all, acquireTimeout, drainTimeout, openTimeout);
    }

    /**
     * This configuration with other time-outs, each longer than zero.
     *
     * @param acquire how long a caller waits for a driver during a swap
     * @param drain how long a swap waits for work in flight
     * @param open how long a factory may take to open a driver
     * @return a new configuration
     */
    public OrmConfig withTimeouts(Duration acquire, Duration drain, Duration open) {
        return new OrmConfig(connections, acquire, drain, open);
    }

    Timeouts timeouts() {
        return new Timeouts(acquireTimeout, drainTimeout, openTimeout);
    }

    private static void requireName(String name) {
        if (name == null || name.isBlank()) {
            throw new ConfigurationException("a connection has no name; name it, such as 'default' or 'reports'");
        }
    }

    private static void requireDatabase(String name, DatabaseConfig database) {
        if (database == null) {
            throw new ConfigurationException("connection '" + name + "' has no database; give a DatabaseConfig");
        }
    }

    private static void requirePositive(String name, Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new ConfigurationException(name + " is " + timeout + "; set it to more than zero");
        }
    }
}
