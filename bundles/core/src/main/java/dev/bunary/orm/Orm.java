package dev.bunary.orm;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.TransactionCallback;
import dev.bunary.orm.driver.TransactionOptions;
import dev.bunary.orm.query.QueryBuilder;
import dev.bunary.orm.registry.Caller;
import dev.bunary.orm.registry.Connections;
import dev.bunary.orm.registry.ConsumerConnection;
import dev.bunary.orm.registry.ConsumerScope;
import dev.bunary.orm.registry.DriverRegistry;
import dev.bunary.orm.registry.DriverSlot;
import dev.bunary.orm.swap.DriverListener;
import dev.bunary.orm.swap.DriverStatus;
import dev.bunary.orm.swap.FactoryInfo;
import dev.bunary.orm.swap.Registration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Named connections, their drivers and queries on them. Safe for use by many threads. An {@code Orm} is a view of one
 * connection, {@code default} unless {@link #connection} names another; all views share configuration and drivers.
 *
 * <p>An {@code Orm} that is an OSGi service is a view of the bundle that got it, the same until that bundle gives it back
 * or stops. Then, or at {@link #close}, what the bundle left behind is released: its streams are closed (a thread that
 * reads one gets a {@link dev.bunary.orm.driver.DriverClosedException}), its listeners, factories and uncached drivers
 * are taken back, and the view throws. Other bundles notice nothing. A transaction or operation that runs is left to its
 * thread: it ends by itself, or with the drain of the next swap.
 */
public final class Orm implements AutoCloseable {
    private final Connections connections;
    private final Configuration configuration;
    private final DriverSlot slot;

    /** Of the consumer this is a view for; null if all share it. */
    private final @Nullable ConsumerScope scope;

    /** This connection in that scope. */
    private final @Nullable ConsumerConnection scoped;

    private Orm(Connections connections, Configuration configuration, DriverSlot slot, @Nullable ConsumerScope scope) {
        this.connections = connections;
        this.configuration = configuration;
        this.slot = slot;
        this.scope = scope;
        this.scoped = scope == null ? null : scope.connection(slot);
    }

    /**
     * Makes an ORM. Opens nothing yet: a connection's first use does.
     *
     * @param config connections and time-outs
     * @return the view of the connection named {@code default}; the caller closes it
     */
    public static Orm create(OrmConfig config) {
        Orm orm = unconfigured();
        orm.configure(config);
        return orm;
    }

    /** The one behind {@link Bunary}, which can register drivers before it has a configuration. */
    static Orm unconfigured() {
        Connections connections = DriverRegistry.shared().connect(OrmConfig.DEFAULT_TIMEOUTS);
        DriverSlot slot = connections.slot(OrmConfig.DEFAULT_CONNECTION);
        return new Orm(connections, new Configuration(), slot, null);
    }

    /**
     * A view for one consumer, whose {@link #close} releases what that consumer has. For the OSGi part of this library;
     * {@link ConsumerScope} is not exported, so nobody else can make one.
     *
     * @param consumer what the view's user has open
     * @return a view of the same connection
     */
    public Orm within(ConsumerScope consumer) {
        return new Orm(connections, configuration, slot, consumer);
    }

    /** This, unless it is a view that was released. */
    private Orm held() {
        if (scope != null) {
            scope.requireOpen();
        }
        return this;
    }

    boolean isClosed() {
        return connections.isClosed();
    }

    boolean isConfigured() {
        return configuration.isSet();
    }

    /** Forgets the configuration: connections are drained and closed, and throw until there is another one. */
    void unconfigure(Optional<Caller> by) {
        configuration.clear(by);
        applyConfig();
    }

    /** Sets the configuration for a caller, unless another one has set a different one. */
    void configure(OrmConfig config, Optional<Caller> by) {
        connections.requireOpen();
        configuration.set(config, by);
        applyConfig();
    }

    /**
     * Changes the configuration. An equal one does nothing. A changed connection gets a new driver: drivers already
     * handed out follow if only credentials or tuning changed, otherwise they become stale. Where the database lets two
     * drivers stand side by side, the old one serves until the new one is open, which {@link #getDriver()} waits for, and
     * goes on if the new configuration turns out to be wrong; {@link #drivers} tells so. Connections that are left out are
     * drained and closed before this returns.
     *
     * <p>Whoever has the {@code Orm} may do this, also a bundle that has it as a service: it changes the connections of
     * all who share it. Only {@link Bunary#setOrmConfig} asks who set what is there.
     *
     * @param config connections and time-outs
     * @throws ConfigurationException if it is null
     * @throws dev.bunary.orm.driver.DriverClosedException if this {@code Orm} is closed
     */
    public void configure(OrmConfig config) {
        held().connections.requireOpen();
        configuration.change(config);
        applyConfig();
    }

    /** Returns when the latest holds, whoever has set it: of what another thread overtook, nothing is left to wait for. */
    private void applyConfig() {
        Configuration.Setting applied;
        do {
            applied = configuration.current();
            apply(applied);
        } while (applied != configuration.current());
    }

    private void apply(Configuration.Setting setting) {
        OrmConfig config = setting.config();
        if (config == null) {
            connections.configure(setting.version(), Map.of(), OrmConfig.DEFAULT_TIMEOUTS);
        } else {
            connections.configure(setting.version(), config.connections(), config.timeouts());
        }
    }

    /**
     * The current configuration.
     *
     * @return the configuration
     */
    public OrmConfig config() {
        OrmConfig now = configuration.get();
        if (now == null) {
            throw new ConfigurationException("no database is configured; call Bunary.setOrmConfig(OrmConfig.of("
                    + "DatabaseConfig.of(\"sqlite\", Map.of(\"path\", \"./database.sqlite\")))) first");
        }
        return now;
    }

    /**
     * A view of another connection.
     *
     * @param name a connection of the configuration
     * @return a view that shares everything with this one
     * @throws ConfigurationException if there is no such connection; lists the known ones
     */
    public Orm connection(String name) {
        connections.requireConfigured(name);
        return new Orm(connections, configuration, connections.slot(name), scope);
    }

    /**
     * A query builder for a table. It follows the connection's name through swaps and configuration changes.
     *
     * @param table the table, not quoted; may hold a schema before a dot
     * @return a builder for all its rows
     * @throws dev.bunary.orm.driver.InvalidQueryException if the name is not an identifier
     */
    public QueryBuilder table(String table) {
        return QueryBuilder.on(scoped == null ? slot : scoped, table);
    }

    /**
     * Runs work in a transaction: commits when it returns, rolls back when it throws anything, and throws that on.
     * Everything this thread does on this connection meanwhile joins it; other threads do not. A transaction inside a
     * transaction is a savepoint.
     *
     * @param work called once, on this thread; the driver it gets ends with it
     * @param <T> the type of the result
     * @return what the work returned
     * @throws dev.bunary.orm.driver.DriverSwappedException if a swap's deadline ended it
     */
    public <T extends @Nullable Object> T transaction(TransactionCallback<T> work) {
        return transaction(TransactionOptions.READ_WRITE, work);
    }

    /**
     * As {@link #transaction(TransactionCallback)}, with options; a transaction inside another keeps the outer one's.
     *
     * @param options what the transaction is for
     * @param work called once, on this thread
     * @param <T> the type of the result
     * @return what the work returned
     */
    public <T extends @Nullable Object> T transaction(TransactionOptions options, TransactionCallback<T> work) {
        return scoped == null ? slot.transaction(options, work) : scoped.transaction(options, work);
    }

    /**
     * Runs work that has no result in a transaction.
     *
     * @param work called once, on this thread
     */
    public void transaction(Runnable work) {
        this.<@Nullable Object>transaction(tx -> {
            work.run();
            return null;
        });
    }

    /**
     * The connection's driver, opened at the first call and cached: the same handle until the driver is swapped, closed
     * or reset. A handle from before a swap goes on working, on the new driver.
     *
     * @return the handle; its {@code close()} is {@link #closeDriver} while it is the current one
     */
    public DatabaseDriver getDriver() {
        return scoped == null ? slot.driver() : scoped.driver();
    }

    /**
     * Another connection's driver.
     *
     * @param connection the connection's name
     * @return the handle
     */
    public DatabaseDriver getDriver(String connection) {
        return connection(connection).getDriver();
    }

    /**
     * Opens a driver that is not cached.
     *
     * @param config the database
     * @return a driver; the caller closes it, and it is closed too when its factory leaves
     */
    public DatabaseDriver createDriver(DatabaseConfig config) {
        return scope == null ? connections.open(config) : scope.open(connections, config);
    }

    /** Drains and closes the cached driver; handles of it throw. The next use opens a new one. Safe to repeat. */
    public void closeDriver() {
        held().slot.closeDriver();
    }

    /** Forgets the cached driver without closing it: its handles go on working on it and own it. Safe to repeat. */
    public void resetDriver() {
        held().slot.resetDriver();
    }

    /**
     * Registers a factory for a type, for this {@code Orm} only. It takes precedence over announced factories; the last
     * registration of a type wins.
     *
     * @param type the database type
     * @param factory the factory; not null
     * @return closes to take the factory back
     * @throws ConfigurationException if the type is blank or the factory null
     */
    public Registration registerDriver(String type, @Nullable DriverFactory factory) {
        return scope == null ? connections.register(type, factory) : scope.register(connections, type, factory);
    }

    /**
     * Prefers one factory of this connection to all others, whatever arrives: a way back to the one that served before,
     * or out of a bad one. It stays preferred through updates of its bundle. While it is away or in quarantine, the
     * others serve by precedence.
     *
     * @param factory one of {@link DriverStatus#candidates}
     * @throws ConfigurationException if it is none of this connection's factories; names them
     */
    public void pinDriver(FactoryInfo factory) {
        held().slot.pin(factory);
    }

    /** Lets this connection's driver be chosen by precedence again. Safe to call with none pinned. */
    public void unpinDriver() {
        held().slot.unpin();
    }

    /**
     * Takes back all factories registered on this {@code Orm}, on a bundle's view only those of that bundle; announced
     * ones (services, modules) stay.
     */
    public void clearDriverRegistry() {
        if (scope == null) {
            connections.unregister(factory -> true);
        } else {
            scope.closeFactories();
        }
    }

    /**
     * What each connection's driver is doing.
     *
     * @return one status per connection, in the configuration's order
     */
    public List<DriverStatus> drivers() {
        return connections.status();
    }

    /**
     * Tells a listener of driver events on all connections.
     *
     * @param listener called outside all locks
     * @return closes to stop telling
     */
    public Registration listen(DriverListener listener) {
        return scope == null ? connections.listen(listener) : scope.keepListener(() -> connections.listen(listener));
    }

    /**
     * Drains and closes all drivers of all views. Callers that wait for a driver get an error. On a bundle's view of the
     * OSGi service it releases what that bundle has, and nothing else. Safe to repeat.
     */
    @Override
    public void close() {
        if (scope == null) {
            connections.close();
        } else {
            scope.close();
        }
    }
}
