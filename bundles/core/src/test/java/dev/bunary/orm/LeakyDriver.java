package dev.bunary.orm;

import dev.bunary.orm.driver.Columns;
import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.QueryResult;
import dev.bunary.orm.driver.Row;
import dev.bunary.orm.driver.TransactionCallback;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A driver of somebody who puts all he knows into what he throws. What goes wrong is told by the property {@code fault}. */
final class LeakyDriver implements DatabaseDriver {
    private final DatabaseConfig config;
    private final CountDownLatch released;

    private LeakyDriver(DatabaseConfig config, CountDownLatch released) {
        this.config = config;
        this.released = released;
    }

    /**
     * A factory of such drivers.
     *
     * @param released ends what hangs
     */
    static DriverFactory factory(CountDownLatch released) {
        return new DriverFactory() {
            @Override
            public DatabaseDriver create(DatabaseConfig config) {
                return switch (fault(config)) {
                    case "throws" -> throw leak(config);
                    case "is wrong" -> throw new ConfigurationException("set another of " + raw(config), leak(config));
                    case "throws an error" -> throw new ExceptionInInitializerError(leak(config));
                    case "hangs" -> await(released);
                    default -> new LeakyDriver(config, released);
                };
            }

            @Override
            public String engine(DatabaseConfig config) {
                return raw(config);
            }
        };
    }

    private static String fault(DatabaseConfig config) {
        return config.find("fault").orElse("none");
    }

    private static String raw(DatabaseConfig config) {
        return config.properties().toString();
    }

    private static IllegalStateException leak(DatabaseConfig config) {
        var leak =
                new IllegalStateException("no login with " + raw(config), new SQLException("refused " + raw(config)));
        leak.addSuppressed(new IllegalArgumentException(raw(config)));
        return leak;
    }

    private static <T> T await(CountDownLatch released) {
        try {
            released.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        throw new IllegalStateException("released");
    }

    @Override
    public QueryResult query(String sql, @Nullable Object... params) {
        return () -> {
            if (fault(config).equals("cannot query")) {
                throw leak(config);
            }
            return List.of(Row.of(Columns.of(List.of("one")), 1));
        };
    }

    @Override
    public long exec(String sql, @Nullable Object... params) {
        return 1;
    }

    @Override
    public <T extends @Nullable Object> T transaction(TransactionCallback<T> work) {
        return work.run(this);
    }

    @Override
    public void close() {
        switch (fault(config)) {
            case "close throws" -> throw leak(config);
            case "close hangs" -> await(released);
            default -> {}
        }
    }
}
