package dev.bunary.orm;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.TransactionCallback;
import dev.bunary.orm.driver.TransactionOptions;
import dev.bunary.orm.registry.Caller;
import dev.bunary.orm.registry.DriverRegistry;
import dev.bunary.orm.swap.DriverListener;
import dev.bunary.orm.swap.DriverStatus;
import dev.bunary.orm.swap.Registration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The static door to one process-wide {@link Orm}, for those who like {@code Bunary.setOrmConfig(...)} once and
 * {@link Model#table} everywhere. Safe for use by many threads. Source of the names: {@code @bunary/orm}.
 */
public final class Bunary {
    private static final AtomicReference<@Nullable Orm> ORM = new AtomicReference<>();

    private Bunary() {}

    /** The current one, configured or not. One that was closed, by a user or with the bundle, is replaced. */
    private static Orm door() {
        Orm now = ORM.get();
        while (now == null || now.isClosed()) {
            Orm next = Orm.unconfigured();
            if (ORM.compareAndSet(now, next)) {
                return next;
            }
            next.close();
            now = ORM.get();
        }
        return now;
    }

    /**
     * Sets or changes the configuration. An equal one does nothing; otherwise drivers of changed connections are drained
     * and the next use opens new ones.
     *
     * <p>In OSGi the configuration belongs to the bundle whose code sets it. Until that bundle has stopped only it may
     * change or clear it; to another one that is an error, unless it sets an equal one. What the framework property {@code
     * bunary.orm.config} names belongs to this library's own bundle.
     *
     * @param config the configuration
     * @throws ConfigurationException if it is null, or another bundle that still runs has set a different one; names it
     */
    public static void setOrmConfig(OrmConfig config) {
        door().configure(config, caller());
    }

    private static Optional<Caller> caller() {
        return DriverRegistry.shared().feeder().caller();
    }

    /**
     * The configuration.
     *
     * @return what was set
     * @throws ConfigurationException if none is set
     */
    public static OrmConfig getOrmConfig() {
        return door().config();
    }

    /**
     * Forgets the configuration. Its drivers are drained and closed before this returns; registered factories stay. Safe
     * to call with none set.
     *
     * @throws ConfigurationException if another bundle that still runs has set it, as {@link #setOrmConfig} says
     */
    public static void clearOrmConfig() {
        Orm now = door();
        if (now.isConfigured()) {
            now.unconfigure(caller());
        }
    }

    /**
     * The {@link Orm} behind these functions.
     *
     * @return the current one
     * @throws ConfigurationException if no configuration is set; names {@code setOrmConfig}
     */
    public static Orm orm() {
        Orm now = door();
        if (!now.isConfigured()) {
            now.config(); // throws and says what to do
        }
        return now;
    }

    /**
     * The default connection's driver, as {@link Orm#getDriver}.
     *
     * @return the cached handle
     */
    public static DatabaseDriver getDriver() {
        return orm().getDriver();
    }

    /**
     * A connection's driver, as {@link Orm#getDriver(String)}.
     *
     * @param connection the connection's name
     * @return the cached handle
     */
    public static DatabaseDriver getDriver(String connection) {
        return orm().getDriver(connection);
    }

    /**
     * Opens a driver that is not cached, as {@link Orm#createDriver}; no configuration need be set.
     *
     * @param config the database
     * @return a driver; the caller closes it
     */
    public static DatabaseDriver createDriver(DatabaseConfig config) {
        return door().createDriver(config);
    }

    /** Closes the default connection's cached driver, as {@link Orm#closeDriver}. Safe to call with none cached. */
    public static void closeDriver() {
        door().closeDriver();
    }

    /** Forgets the cached driver without closing it, as {@link Orm#resetDriver}. Safe to call with none cached. */
    public static void resetDriver() {
        door().resetDriver();
    }

    /**
     * Registers a factory for a type, before or after a configuration is set. It takes precedence over announced ones.
     *
     * @param type the database type
     * @param factory the factory; not null
     * @return closes to take the factory back
     * @throws ConfigurationException if the type is blank or the factory null
     */
    public static Registration registerDriver(String type, @Nullable DriverFactory factory) {
        return door().registerDriver(type, factory);
    }

    /** Takes back all factories registered here; announced ones (services, modules) stay. */
    public static void clearDriverRegistry() {
        door().clearDriverRegistry();
    }

    /**
     * Runs work in a transaction on the default connection, as {@link Orm#transaction(TransactionCallback)}.
     *
     * @param work the work
     * @param <T> the type of its result
     * @return what the work returned
     */
    public static <T extends @Nullable Object> T transaction(TransactionCallback<T> work) {
        return orm().transaction(work);
    }

    /**
     * As {@link #transaction(TransactionCallback)}, with options.
     *
     * @param options what the transaction is for
     * @param work the work
     * @param <T> the type of its result
     * @return what the work returned
     */
    public static <T extends @Nullable Object> T transaction(TransactionOptions options, TransactionCallback<T> work) {
        return orm().transaction(options, work);
    }

    /**
     * Runs work that has no result in a transaction.
     *
     * @param work the work
     */
    public static void transaction(Runnable work) {
        orm().transaction(work);
    }

    /**
     * What each connection's driver is doing.
     *
     * @return one status per connection
     */
    public static List<DriverStatus> drivers() {
        return orm().drivers();
    }

    /**
     * Tells a listener of driver events of the current {@link Orm}.
     *
     * @param listener the listener
     * @return closes to stop telling
     */
    public static Registration listen(DriverListener listener) {
        return orm().listen(listener);
    }
}
