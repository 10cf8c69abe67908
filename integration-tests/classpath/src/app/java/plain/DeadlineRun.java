package plain;

import dev.bunary.orm.Orm;
import dev.bunary.orm.OrmConfig;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.swap.Registration;
import hotswap.Checks;
import hotswap.Outlasting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A driver is taken back under work that outlasts the drain, and the next one registered. */
final class DeadlineRun {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Drivers drivers;
    private final Path work;
    private final Checks checks;

    DeadlineRun(Drivers drivers, Path work, Checks checks) {
        this.drivers = drivers;
        this.work = work;
        this.checks = checks;
    }

    void run() throws Exception {
        String path = work.resolve("database.sqlite").toString();
        OrmConfig config = OrmConfig.of(DatabaseConfig.of("sqlite", Map.of("path", path)))
                .withTimeouts(PATIENCE, Duration.ofMillis(Outlasting.DRAIN_MILLIS), PATIENCE);
        try (Orm orm = Orm.create(config)) {
            outlast(orm);
            checks.isEqual("loaders reachable after the stream is dropped, as it was, open", 1L, drivers.reachable(1));
        }
    }

    private void outlast(Orm orm) throws Exception {
        Drivers.Copy old = drivers.load();
        Registration registration = orm.registerDriver("sqlite", old.factory());
        new Outlasting(orm, checks).under(() -> {
            registration.close();
            old.close();
            orm.registerDriver("sqlite", drivers.load().factory());
        });
    }
}
