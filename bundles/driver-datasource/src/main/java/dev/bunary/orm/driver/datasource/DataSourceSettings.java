package dev.bunary.orm.driver.datasource;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.SwapStrategy;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a configuration says, checked.
 *
 * @param url what is reached, with its parameters; empty if only the DataSource knows
 * @param dialect the product, if it is named instead of detected
 * @param swap how drivers are swapped, if it is named
 * @param pooled whether connections are kept in a pool of the driver's own
 * @param pool how that pool is measured
 */
record DataSourceSettings(
        Optional<JdbcUrl> url, Optional<Product> dialect, Optional<SwapStrategy> swap, boolean pooled, Pool pool) {
    static final Set<String> TUNING = Set.of(
            "user",
            "password",
            "dialect",
            "swap",
            "pool",
            "pool.size",
            "pool.minIdle",
            "pool.timeout",
            "pool.idleTimeout",
            "pool.maxLifetime",
            "factory.filter",
            "osgi.jdbc.driver.class");
    private static final Set<String> IDENTITY = Set.of("url", "datasource.filter");
    private static final String VENDOR_PREFIX = "jdbc.";
    private static final int DAY = 86_400_000;

    /**
     * How a pool is measured; times in milliseconds.
     *
     * @param size the most connections
     * @param minIdle idle connections to keep open
     * @param timeout how long a caller waits for a connection
     * @param idleTimeout after which a connection above {@code minIdle} is closed, 0 for never
     * @param maxLifetime after which a connection is replaced, 0 for never
     */
    record Pool(int size, int minIdle, int timeout, int idleTimeout, int maxLifetime) {}

    static DataSourceSettings of(DatabaseConfig config) {
        config.properties().keySet().forEach(DataSourceSettings::checkName);
        int size = number(config, "pool.size", 10, 1, 1_000);
        var pool = new Pool(
                size,
                number(config, "pool.minIdle", Math.min(2, size), 0, size),
                // below the ORM's acquireTimeout of 10 s, so that the error names the pool; HikariCP takes 250 ms at
                // least
                number(config, "pool.timeout", 5_000, 250, DAY),
                number(config, "pool.idleTimeout", 600_000, 10_000, DAY),
                number(config, "pool.maxLifetime", 1_800_000, 30_000, DAY));
        return new DataSourceSettings(
                config.find("url").map(JdbcUrl::new),
                dialect(config),
                swap(config),
                oneOf(config, "pool", List.of("hikari", "none"), "hikari").equals("hikari"),
                pool);
    }

    /** A configuration with nothing but the properties that say which database it is. */
    static DatabaseConfig identity(DatabaseConfig config) {
        var identity = new TreeMap<>(config.properties());
        identity.keySet().removeAll(TUNING);
        return DatabaseConfig.of(config.type(), identity);
    }

    /** Side by side only where nothing in this process holds the data. */
    SwapStrategy swapStrategy() {
        return swap.orElse(url.filter(JdbcUrl::isServer).isPresent() ? SwapStrategy.OVERLAP : SwapStrategy.EXCLUSIVE);
    }

    private static void checkName(String name) {
        if (TUNING.contains(name) || IDENTITY.contains(name) || name.startsWith(VENDOR_PREFIX)) {
            return;
        }
        var known = new TreeSet<>(TUNING);
        known.addAll(IDENTITY);
        throw new ConfigurationException("datasource has no property '" + name + "'; the known ones are: "
                + String.join(", ", known) + ", and jdbc.NAME for what the JDBC driver's own DataSource takes as NAME");
    }

    private static Optional<Product> dialect(DatabaseConfig config) {
        List<String> names = Arrays.stream(Product.values())
                .map(product -> product.name().toLowerCase(Locale.ROOT))
                .toList();
        String name = config.find("dialect").isEmpty() ? "auto" : oneOf(config, "dialect", names, "");
        return name.equals("auto") ? Optional.empty() : Optional.of(Product.valueOf(name.toUpperCase(Locale.ROOT)));
    }

    private static Optional<SwapStrategy> swap(DatabaseConfig config) {
        return config.find("swap")
                .map(text -> oneOf(config, "swap", List.of("exclusive", "overlap"), ""))
                .map(name -> SwapStrategy.valueOf(name.toUpperCase(Locale.ROOT)));
    }

    private static int number(DatabaseConfig config, String name, int unset, int least, int most) {
        String text = config.find(name).orElse(null);
        if (text == null) {
            return unset;
        }
        boolean digits = text.strip().matches("[0-9]{1,9}");
        int number = digits ? Integer.parseInt(text.strip()) : -1;
        if (!digits || number > most || number < least) {
            throw wrong(name, text, "a whole number from " + least + " to " + most);
        }
        return number;
    }

    private static String oneOf(DatabaseConfig config, String name, List<String> allowed, String unset) {
        String text = config.find(name).orElse(unset);
        String value = text.strip().toLowerCase(Locale.ROOT);
        if (!allowed.contains(value)) {
            throw wrong(name, text, "one of " + String.join(", ", allowed));
        }
        return value;
    }

    private static ConfigurationException wrong(String name, String text, String rule) {
        return new ConfigurationException("datasource property '" + name + "' is '" + text + "'; set it to " + rule);
    }
}
