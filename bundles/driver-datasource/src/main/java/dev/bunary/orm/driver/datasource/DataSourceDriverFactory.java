package dev.bunary.orm.driver.datasource;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.SwapStrategy;
import dev.bunary.orm.jdbc.JdbcDriver;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * Opens drivers on a {@link DataSource}. Handed to {@code registerDriver}; in OSGi the bundle announces one for each JDBC
 * service. Safe for use by many threads.
 *
 * <p>Properties, all optional for a DataSource that is handed in:
 *
 * <ul>
 *   <li>{@code user} and {@code password}: given to the DataSource with each connection, if set.
 *   <li>{@code dialect}: auto, h2, postgresql, mariadb, mysql or standard (auto: the product's name is asked for when the
 *       driver is opened).
 *   <li>{@code swap}: exclusive or overlap. Unless it is set, drivers overlap only if {@code url} is that of a known
 *       server: PostgreSQL, MariaDB, MySQL, SQL Server, Oracle's thin driver, H2 by tcp or ssl.
 *   <li>{@code url}: what the DataSource reaches, as far as that matters for swapping; see {@code swap}.
 *   <li>{@code pool}: hikari or none (hikari). With none each unit of work asks the DataSource itself and closes the
 *       connection after it: for a DataSource that is a pool already, which is never closed here.
 *   <li>{@code pool.size}, the most connections (10); {@code pool.minIdle}, those kept open, and opened before
 *       the driver serves (2); in milliseconds:
 *       {@code pool.timeout} until a caller who waits for a connection gets an error (5000), {@code pool.idleTimeout}
 *       (600000), {@code pool.maxLifetime} (1800000).
 * </ul>
 *
 * <p>A unit of work holds a connection: a statement, a transaction, an open stream. Who queries inside an open stream
 * needs a second one.
 *
 * <p>In OSGi a connection is of type {@code datasource}. With {@code url}, {@code user}, {@code password} and
 * {@code jdbc.NAME} (what the vendor's DataSource takes as NAME) it is served by a {@code DataSourceFactory} service, of
 * which {@code osgi.jdbc.driver.class} or {@code factory.filter}, an LDAP filter on its properties, says which; with
 * {@code datasource.filter} by a {@code DataSource} service (OSGi JDBC Service Specification 125).
 */
public final class DataSourceDriverFactory implements DriverFactory {
    private static final String TYPE = "datasource";
    private static final AtomicLong NUMBER = new AtomicLong();

    private final Function<DatabaseConfig, DataSource> source;
    private final boolean givesCredentials;
    private final ClassLoader copy;
    private final String unnamed = TYPE + " " + NUMBER.incrementAndGet();

    private DataSourceDriverFactory(
            Function<DatabaseConfig, DataSource> source, boolean givesCredentials, ClassLoader copy) {
        this.source = source;
        this.givesCredentials = givesCredentials;
        this.copy = copy;
    }

    /**
     * A factory on one DataSource, which stays the caller's: it is never closed here.
     *
     * @param dataSource gives connections to one database
     * @return the factory
     * @throws ConfigurationException if the DataSource is null
     */
    public static DataSourceDriverFactory of(DataSource dataSource) {
        if (dataSource == null) {
            throw new ConfigurationException("the DataSource is null; give one that reaches the database");
        }
        return new DataSourceDriverFactory(
                config -> dataSource, true, dataSource.getClass().getClassLoader());
    }

    /**
     * A factory that makes a DataSource for each driver it opens. {@code user} and {@code password} are then for the
     * function alone. All DataSources are taken to share one copy of an embedded engine; where they come from several,
     * each needs a function of its own, from a class of that copy.
     *
     * @param source makes a DataSource that reaches the database a configuration names; called with each open
     * @return the factory
     */
    public static DataSourceDriverFactory of(Function<DatabaseConfig, DataSource> source) {
        Objects.requireNonNull(source, "source");
        return new DataSourceDriverFactory(source, false, source.getClass().getClassLoader());
    }

    @Override
    public DatabaseDriver create(DatabaseConfig config) {
        DataSourceSettings settings = DataSourceSettings.of(config);
        DataSource dataSource = Objects.requireNonNull(source.apply(config), "the function gave null for a DataSource");
        Credentials credentials = givesCredentials ? Credentials.of(config) : Credentials.NONE;
        ConnectionPool pool = settings.pooled()
                ? HikariConnections.open(dataSource, credentials, settings.pool())
                : new DirectConnections(dataSource, credentials);
        try {
            var platform = new DataSourcePlatform(settings.dialect().orElseGet(() -> Product.of(pool)));
            return new JdbcDriver(new DataSourceSessions(pool, platform, settings), platform);
        } catch (RuntimeException | Error failure) {
            pool.close();
            throw failure;
        }
    }

    @Override
    public Set<String> types() {
        return Set.of(TYPE);
    }

    @Override
    public int ranking() {
        return -1000;
    }

    @Override
    public SwapStrategy swapStrategy(DatabaseConfig config) {
        return DataSourceSettings.of(config).swapStrategy();
    }

    /**
     * The file or server of the URL, without its parameters. Without a URL, what else of the configuration says which
     * database it is; if nothing does, this factory counts as a database of its own.
     */
    @Override
    public String engine(DatabaseConfig config) {
        return DataSourceSettings.of(config).url().map(JdbcUrl::engine).orElseGet(() -> {
            DatabaseConfig identity = DataSourceSettings.identity(config);
            return identity.properties().isEmpty() ? unnamed : identity.toString();
        });
    }

    /** The class loader of the DataSource. */
    @Override
    public Object engineCopy(DatabaseConfig config) {
        return copy;
    }

    @Override
    public Set<String> tuningProperties() {
        return DataSourceSettings.TUNING;
    }

    @Override
    public boolean holdsData(DatabaseConfig config) {
        return DataSourceSettings.of(config).url().filter(JdbcUrl::isMemory).isPresent();
    }
}
