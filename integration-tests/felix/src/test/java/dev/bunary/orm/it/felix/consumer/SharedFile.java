package dev.bunary.orm.it.felix.consumer;

import dev.bunary.orm.Orm;
import dev.bunary.orm.OrmConfig;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.NoDriverException;
import dev.bunary.orm.it.felix.probe.Probe.Shared;
import dev.bunary.orm.it.felix.probe.Probe.Sharing;
import dev.bunary.orm.soak.Writers;
import dev.bunary.orm.swap.DriverEvent;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Writers on one file: by the {@code Orm} service, an Orm of the bundle's own, a reset driver and an uncached one. */
final class SharedFile implements Sharing {
    private final AtomicLong forced = new AtomicLong();
    private final Orm second;
    private final Writers writers;

    private SharedFile(Orm orm, Orm second, DatabaseConfig uncached) {
        this.second = second;
        for (Orm each : List.of(orm, second)) {
            each.listen(event -> {
                if (event.kind() == DriverEvent.Kind.FORCED) {
                    forced.incrementAndGet();
                }
            });
        }
        var reset = new AtomicReference<>(orm.getDriver());
        orm.resetDriver();
        List<Supplier<DatabaseDriver>> doors = List.of(
                orm::getDriver,
                second::getDriver,
                () -> Objects.requireNonNullElseGet(reset.getAndSet(null), orm::getDriver),
                () -> open(orm, uncached));
        writers = Writers.start(orm, doors);
    }

    static SharedFile start(Orm orm, String journalMode, String linked, String relative) {
        Orm second = Orm.create(OrmConfig.of(sqlite(linked, journalMode)));
        return new SharedFile(orm, second, sqlite(relative, journalMode));
    }

    private static DatabaseConfig sqlite(String path, String journalMode) {
        return DatabaseConfig.of("sqlite", Map.of("path", path, "journalMode", journalMode));
    }

    /** Nobody parks for a driver that is not cached, so the end of the gap is waited for with one that is. */
    private static DatabaseDriver open(Orm orm, DatabaseConfig config) {
        while (true) {
            try {
                return orm.createDriver(config);
            } catch (NoDriverException gap) {
                orm.getDriver().query("SELECT 1").get();
            }
        }
    }

    @Override
    public void awaitEach(int writes) throws InterruptedException {
        writers.awaitEach(writes);
    }

    @Override
    public Shared stop() throws InterruptedException {
        Writers.Result result = writers.stop();
        return new Shared(result.isClean(), result.refusals(), forced.get(), result.toString());
    }

    @Override
    public void close() {
        writers.close();
        second.close();
    }
}
