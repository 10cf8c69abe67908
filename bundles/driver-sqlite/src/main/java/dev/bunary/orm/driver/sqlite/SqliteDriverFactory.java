package dev.bunary.orm.driver.sqlite;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.SwapStrategy;
import dev.bunary.orm.jdbc.JdbcDriver;
import java.util.Set;
import org.osgi.annotation.bundle.Capability;

/**
 * Opens SQLite databases.
 *
 * <p>Properties: {@code path} (a file, created if it is missing, or {@code :memory:}); {@code busyTimeout} in
 * milliseconds (5000); {@code journalMode} wal, delete, truncate or persist (wal; in the others a commit and a read wait
 * for each other, and a stream whose body reads again may wait for a writer that waits for the stream);
 * {@code synchronous} off, normal, full or extra (normal); {@code readers}, the idle reader connections to keep (8);
 * {@code readOnly} (false): opens an existing file and never changes it.
 *
 * <p>Storage: boolean as 0 and 1; {@link java.time.Instant} as ISO-8601 text of fixed width with nine fraction digits
 * and a Z, so that text order is time order; local dates and times as ISO-8601 text; UUID as text; BigDecimal and
 * BigInteger as plain text, exact in a TEXT column (a NUMERIC column makes a REAL of what has more than 15 digits); an
 * enum by its name; bytes as a blob; whole numbers as INTEGER, Float and Double as REAL (NaN is refused: SQLite would
 * store NULL).
 */
@Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"dev.bunary.orm.driver.DriverFactory\"",
        effective = "active",
        uses = DriverFactory.class)
public final class SqliteDriverFactory implements DriverFactory {
    /** The type this factory serves. */
    static final String TYPE = "sqlite";

    /** For {@code ServiceLoader} and the bundle's activator. */
    public SqliteDriverFactory() {}

    @Override
    public DatabaseDriver create(DatabaseConfig config) {
        SqliteSettings settings = SqliteSettings.of(config);
        var platform = new SqlitePlatform(settings);
        return new JdbcDriver(new SqliteSessions(new SqliteOpener(settings, platform), settings), platform);
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
        return SwapStrategy.EXCLUSIVE;
    }

    /**
     * {@code sqlite:} and the real path of the file; one name for all {@code :memory:} databases, of which each is an
     * engine of its own and none can harm another, so that there is nothing to exclude.
     */
    @Override
    public String engine(DatabaseConfig config) {
        SqliteSettings settings = SqliteSettings.of(config);
        return "sqlite:" + (settings.memory() ? SqliteSettings.MEMORY : settings.file());
    }

    @Override
    public Set<String> tuningProperties() {
        return SqliteSettings.TUNING;
    }

    @Override
    public boolean holdsData(DatabaseConfig config) {
        return SqliteSettings.of(config).memory();
    }
}
