package hotswap;

import dev.bunary.orm.DriverModules;
import dev.bunary.orm.Orm;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.NoDriverException;
import dev.bunary.orm.soak.Writers;
import dev.bunary.orm.swap.DriverEvent;
import dev.bunary.orm.swap.InstalledDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Updates between two versions of the library while two Orms, a reset driver and one that was never cached write to one
 * file, each by a path spelled differently, in each way that SQLite keeps its journal.
 */
final class SharedFileRun {
    private static final int UPDATES = 4;
    private static final int WRITES = 25;

    private final Setting setting;
    private final Checks checks;

    SharedFileRun(Setting setting, Checks checks) {
        this.setting = setting;
        this.checks = checks;
    }

    void run() throws InterruptedException, IOException {
        for (String journalMode : List.of("wal", "delete")) {
            InstalledDriver driver = DriverModules.install(setting.previous());
            updates(journalMode, driver);
            driver.uninstall();
        }
        checks.isEqual("temporary files", 0, Setting.temporaryFiles().size());
    }

    private void updates(String journalMode, InstalledDriver driver) throws InterruptedException, IOException {
        Path file = Files.createFile(setting.folder(journalMode).resolve("shared.sqlite"));
        Path linked = Files.createSymbolicLink(setting.work().resolve("link-" + journalMode), file.getParent())
                .resolve("shared.sqlite");
        Path relative = Path.of("").toAbsolutePath().relativize(file.toAbsolutePath());
        var forced = new AtomicInteger();
        try (Orm orm = Setting.orm(file, journalMode);
                Orm second = Setting.orm(linked, journalMode);
                var listening = orm.listen(event -> {
                    if (event.kind() == DriverEvent.Kind.FORCED) {
                        forced.incrementAndGet();
                    }
                })) {
            var reset = new AtomicReference<>(orm.getDriver());
            orm.resetDriver();
            List<Supplier<DatabaseDriver>> doors = List.of(
                    orm::getDriver,
                    second::getDriver,
                    () -> Objects.requireNonNullElseGet(reset.getAndSet(null), orm::getDriver),
                    () -> uncached(orm, Setting.sqlite(relative, journalMode)));
            try (var writers = Writers.start(orm, doors)) {
                for (int update = 1; update <= UPDATES; update++) {
                    writers.awaitEach(WRITES);
                    driver.update(update % 2 == 1 ? setting.driver() : setting.previous());
                }
                writers.awaitEach(WRITES);
                Writers.Result result = writers.stop();
                checks.isTrue(
                        "nothing lost or doubled in journal mode " + journalMode, result.isClean(), result::toString);
                checks.isEqual(
                        "how often the drivers of two Orms, the reset and the uncached one were closed under their users",
                        List.of(0L, 0L, 1L, (long) UPDATES),
                        result.refusals());
                checks.isEqual("updates that ended work by force", 0, forced.get());
            }
        }
    }

    /** Opens a driver that is not cached, which nobody parks for: in the gap of an update that is done here. */
    private static DatabaseDriver uncached(Orm orm, DatabaseConfig config) {
        while (true) {
            try {
                return orm.createDriver(config);
            } catch (NoDriverException gap) {
                orm.getDriver().query("SELECT 1").get();
            }
        }
    }
}
