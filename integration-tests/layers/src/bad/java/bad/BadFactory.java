package bad;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverFactory;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Goes before every other SQLite driver, and then does what the system property {@code bad} says. */
public final class BadFactory implements DriverFactory {
    public BadFactory() {
        if (kind().equals("constructor")) {
            throw new IllegalStateException("not made today");
        }
    }

    private static String kind() {
        return System.getProperty("bad", "");
    }

    @Override
    public Set<String> types() {
        return Set.of("sqlite");
    }

    @Override
    public int ranking() {
        return 1_000;
    }

    @Override
    public DatabaseDriver create(DatabaseConfig config) {
        switch (kind()) {
            case "exception" -> throw new IllegalStateException("no database today");
            case "error" -> throw new NoClassDefFoundError("org/nowhere/Library");
            case "hangs" -> {
                while (kind().equals("hangs")) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
                }
                throw new IllegalStateException("hung");
            }
            default -> {
                return null;
            }
        }
    }
}
