package dev.bunary.orm.soak;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.Dialect;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.QueryResult;
import dev.bunary.orm.driver.SwapStrategy;
import dev.bunary.orm.driver.TransactionCallback;
import dev.bunary.orm.driver.TransactionOptions;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** The real SQLite driver, except that single writes of the load do not do what they say. */
final class BadDriver implements DatabaseDriver {
    private final DatabaseDriver real;
    private final Writes writes;

    private BadDriver(DatabaseDriver real, Writes writes) {
        this.real = real;
        this.writes = writes;
    }

    /** The driver that users get from the class path. */
    static DriverFactory good() {
        return ServiceLoader.load(DriverFactory.class).findFirst().orElseThrow();
    }

    static DriverFactory that(Writes writes) {
        DriverFactory good = good();
        return new DriverFactory() {
            @Override
            public DatabaseDriver create(DatabaseConfig config) {
                return new BadDriver(good.create(config), writes);
            }

            @Override
            public SwapStrategy swapStrategy(DatabaseConfig config) {
                return good.swapStrategy(config);
            }

            @Override
            public String engine(DatabaseConfig config) {
                return good.engine(config);
            }
        };
    }

    @Override
    public QueryResult query(String sql, @Nullable Object... params) {
        return real.query(sql, params);
    }

    @Override
    public long exec(String sql, @Nullable Object... params) {
        return sql.startsWith("INSERT") && sql.contains("`writes`")
                ? writes.exec(real, sql, params)
                : real.exec(sql, params);
    }

    @Override
    public <T extends @Nullable Object> T transaction(TransactionCallback<T> work) {
        return real.transaction(work);
    }

    @Override
    public <T extends @Nullable Object> T transaction(TransactionOptions options, TransactionCallback<T> work) {
        return real.transaction(options, work);
    }

    @Override
    public Dialect dialect() {
        return real.dialect();
    }

    @Override
    public void close() {
        real.close();
    }

    /** What becomes of a single write. */
    @FunctionalInterface
    interface Writes {
        long exec(DatabaseDriver real, String sql, @Nullable Object... params);
    }
}
