package dev.bunary.orm.driver;

import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Makes drivers for one or more database types. A lambda is a complete factory.
 *
 * <p>A factory is announced as an OSGi service, by {@code provides} in a module descriptor, by
 * {@code META-INF/services} on the class path, or handed to {@code registerDriver}. It is called from many threads, and
 * never with a lock of the ORM held. Source of the rules: {@code DriverFactory} of {@code @bunary/orm}; the default
 * methods are additions for hot swapping.
 */
@ConsumerType
@FunctionalInterface
public interface DriverFactory {

    /**
     * Opens a driver. The ORM calls this on a short-lived thread of its own and gives up after the open time-out.
     *
     * <p>What this or {@link DatabaseDriver#close} throws is handed out and logged with {@code ***} for the secrets of the
     * configuration ({@link DatabaseConfig#redact}), also in its causes. What a statement throws is passed on as it is, so
     * there a driver must not repeat them.
     *
     * @param config the connection's configuration; its type is one this factory was registered for
     * @return a new, open driver, never null; the ORM closes it
     * @throws ConfigurationException if a property is missing or wrong; reported at once, never retried
     */
    DatabaseDriver create(DatabaseConfig config);

    /**
     * The database types this factory announces, such as {@code sqlite}. {@code registerDriver} names the type itself
     * and the OSGi service property {@code bunary.driver.type} wins over this, so a lambda may leave it empty.
     *
     * @return the types, empty if the registration names them
     */
    default Set<String> types() {
        return Set.of();
    }

    /**
     * Whether this factory can serve a connection of one of its types; if not, the next factory of the type is asked.
     * For a type that several factories share, each for a part of the configurations. What is wrong with a
     * configuration is told by {@link #create}, so a factory says yes to what it alone can refuse.
     *
     * @param config the configuration of a connection
     * @return true unless overridden; always the same for equal configurations, as the answer is remembered
     */
    default boolean serves(DatabaseConfig config) {
        return true;
    }

    /**
     * The place of this factory among others of the same type: the highest ranking is chosen. Drivers bundled with the
     * ORM announce -1000, so that any other driver takes precedence. In OSGi the bundle's activator copies it into
     * {@code service.ranking} (OSGi Core 5.2.5), which may be changed later.
     *
     * @return the ranking, 0 unless overridden
     */
    default int ranking() {
        return 0;
    }

    /**
     * Whether a second driver may be opened while the first is still open.
     *
     * @param config the configuration of the connection that is to be swapped
     * @return {@link SwapStrategy#EXCLUSIVE} unless overridden
     */
    default SwapStrategy swapStrategy(DatabaseConfig config) {
        return SwapStrategy.EXCLUSIVE;
    }

    /**
     * Whether this factory can open a driver for a changed configuration of a database while its driver for the former
     * one is still open. The two then belong to one copy of the engine, so an embedded database whose copy does not mind
     * may allow here what {@link #swapStrategy} forbids between copies.
     *
     * <p>One case goes past the answer: work in flight that would wait for itself otherwise gets a driver of the changed
     * configuration beside the former one. A factory that cannot open it says so from {@link #create}.
     *
     * @param before the configuration of the open driver
     * @param after another configuration of the same database; they differ in {@link #tuningProperties} only
     * @return as {@link #swapStrategy} says of {@code after}, unless overridden
     */
    default SwapStrategy reconfigureStrategy(DatabaseConfig before, DatabaseConfig after) {
        return swapStrategy(after);
    }

    /**
     * Names the in-process engine that {@link SwapStrategy#EXCLUSIVE} keeps to one copy. Two factories of different
     * {@linkplain #engineCopy copies} never have drivers open on the same engine name at the same time. An embedded
     * database names the real path of its file.
     *
     * @param config the configuration a driver is about to be opened with
     * @return a name, equal for configurations that reach the same engine; the type unless overridden
     */
    default String engine(DatabaseConfig config) {
        return config.type();
    }

    /**
     * Tells the copies of an in-process engine apart: those that share no static state, and so do not see each other's
     * locks. To be overridden where the engine's classes are not those that this factory is loaded with. The ORM keeps
     * it only while drivers are open.
     *
     * @param config the configuration a driver is about to be opened with
     * @return an object, compared by identity; the class loader of this factory unless overridden
     */
    default Object engineCopy(DatabaseConfig config) {
        return getClass().getClassLoader();
    }

    /**
     * The configuration properties that do not say which database this is: credentials and tuning. When only these
     * change, drivers already handed out follow to the new configuration; when any other changes, they become stale.
     *
     * @return property names; {@code user}, {@code username} and {@code password} unless overridden
     */
    default Set<String> tuningProperties() {
        return Set.of("user", "username", "password");
    }

    /**
     * Whether the data lives in the driver itself and is lost when the driver closes, as with SQLite's
     * {@code :memory:}. Such a driver is never swapped for a better one.
     *
     * @param config the configuration of the connection
     * @return false unless overridden
     */
    default boolean holdsData(DatabaseConfig config) {
        return false;
    }
}
