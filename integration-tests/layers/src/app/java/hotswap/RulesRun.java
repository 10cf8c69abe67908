package hotswap;

import dev.bunary.orm.DriverModules;
import dev.bunary.orm.Orm;
import dev.bunary.orm.OrmConfig;
import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DriverException;
import dev.bunary.orm.driver.DriverSwappedException;
import dev.bunary.orm.driver.NoDriverException;
import dev.bunary.orm.swap.DriverState;
import dev.bunary.orm.swap.InstalledDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Bad jars and wrong use: one clear error each, and what runs goes on. */
final class RulesRun {
    private static final Duration QUICKLY = Duration.ofSeconds(2);

    private final Setting setting;
    private final Checks checks;

    RulesRun(Setting setting, Checks checks) {
        this.setting = setting;
        this.checks = checks;
    }

    void run() throws IOException, InterruptedException {
        badJars(DriverModules::install);
        checks.isEqual("nothing is installed", List.of(), DriverModules.installed());
        checks.isEqual("temporary files", List.of(), Setting.temporaryFiles());
        String other = setting.work().resolve("other.sqlite").toString();
        OrmConfig config = setting.config().with("other", DatabaseConfig.of("sqlite", Map.of("path", other)));
        try (Orm orm = Orm.create(new OrmConfig(
                config.connections(), Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(5)))) {
            lifeCycle(orm);
        }
        checks.isEqual("temporary files", List.of(), Setting.temporaryFiles());
    }

    private void lifeCycle(Orm orm) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        checks.fails("first use without a driver", NoDriverException.class, orm::getDriver, "sqlite");
        checks.isTrue("it failed at once", System.nanoTime() - begin < QUICKLY.toNanos());

        InstalledDriver driver = DriverModules.install(setting.previous());
        String version = Setting.version(orm);
        checks.isEqual("installed", List.of(driver), DriverModules.installed());
        checks.isEqual(
                "the factory's module",
                "dev.bunary.orm.driver.sqlite",
                driver.factories().get(0).name());
        checks.isEqual("its origin", "module layer", driver.factories().get(0).origin());

        badJars(driver::update);
        checks.isEqual("version after updates that were refused", version, Setting.version(orm));
        checks.isEqual("generation after them", 1L, orm.drivers().get(0).generation());
        checks.isEqual("source after them", setting.previous(), driver.source());

        driver.update(setting.driver());
        checks.isTrue("another version after an update", !version.equals(Setting.version(orm)));
        checks.isEqual("source after it", setting.driver(), driver.source());

        duringAnUpdate(orm, driver);
        insideATransaction(orm, driver);

        driver.uninstall();
        driver.uninstall();
        checks.isEqual("nothing is installed", List.of(), DriverModules.installed());
        checks.isEqual("factories of what is uninstalled", List.of(), driver.factories());
        checks.fails(
                "update of what is uninstalled", IllegalStateException.class, () -> driver.update(setting.driver()));
        begin = System.nanoTime();
        checks.fails("use of a connection that was bound", DriverException.class, () -> Setting.version(orm), "sqlite");
        checks.isTrue("it parked", System.nanoTime() - begin >= QUICKLY.toNanos());
    }

    /** An update waits for a transaction; meanwhile another connection is used for the first time. */
    private void duringAnUpdate(Orm orm, InstalledDriver driver) throws InterruptedException {
        var update = new FutureTask<>(() -> driver.update(setting.previous()), true);
        var first = new FutureTask<>(() -> Setting.version(orm.connection("other")));
        orm.transaction(() -> {
            orm.getDriver().query("SELECT 1").all();
            thread(update, "updater");
            awaitState(orm, DriverState.DRAINING);
            thread(first, "first");
            checks.fails(
                    "an update during an update",
                    IllegalStateException.class,
                    () -> driver.update(setting.previous()),
                    "is being changed by thread 'updater'");
            awaitParked(orm, "other");
        });
        checks.isTrue("the update", done(update) != null);
        checks.isEqual("first use of another connection meanwhile", Setting.version(orm), done(first));
    }

    private void insideATransaction(Orm orm, InstalledDriver driver) {
        orm.getDriver().exec("CREATE TABLE notes (text TEXT NOT NULL)");
        checks.fails(
                "work that replaces its own driver",
                DriverSwappedException.class,
                () -> orm.transaction(() -> {
                    orm.table("notes").insert(Map.of("text", "one"));
                    driver.update(setting.driver());
                }));
        checks.isEqual("it was rolled back", 0L, orm.table("notes").count());
    }

    private static void thread(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void awaitState(Orm orm, DriverState state) {
        comesTrue(
                "state " + state,
                () -> orm.drivers().get(0).state() == state,
                () -> orm.drivers().toString());
    }

    private void awaitParked(Orm orm, String connection) {
        comesTrue(
                "a caller is parked",
                () -> orm.drivers().stream()
                        .anyMatch(status -> status.connection().equals(connection) && status.parked() > 0),
                () -> orm.drivers().toString());
    }

    private void comesTrue(String what, BooleanSupplier condition, Supplier<String> seen) {
        try {
            checks.comesTrue(what, condition, seen);
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException(interrupt);
        }
    }

    private static <T> T done(FutureTask<T> task) throws InterruptedException {
        try {
            return task.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** An install or an update. */
    private interface Act {
        void with(Path jarOrFolder);
    }

    private void badJars(Act act) throws IOException {
        refused("a path that does not exist", act, setting.work().resolve("nowhere.jar"), "does not exist");
        refused("a folder without jars", act, setting.folder("empty"), "holds no jar");
        Path library = setting.folder("library");
        copy("bunary-orm-jdbc.jar", library);
        refused("a folder without a driver", act, library, "no module that provides", "dev.bunary.orm.jdbc");
        refused(
                "a driver without what it needs",
                act,
                setting.driver().resolve("bunary-orm-driver-sqlite.jar"),
                "cannot be resolved",
                "name a folder");
        Path broken = whole("broken");
        Path jar = broken.resolve("bunary-orm-driver-sqlite.jar");
        byte[] content = Files.readAllBytes(jar);
        Files.write(jar, Arrays.copyOf(content, content.length / 2));
        refused("half a jar", act, broken, "bunary-orm-driver-sqlite.jar", "broken or half copied");
        byte[] damaged = content.clone();
        Arrays.fill(damaged, content.length / 3, content.length / 3 + 200, (byte) 7);
        Files.write(jar, damaged);
        refused("a jar with damaged bytes", act, broken, "bunary-orm-driver-sqlite.jar", "broken or half copied");
        Files.write(jar, new byte[0]);
        refused("an empty jar", act, broken, "bunary-orm-driver-sqlite.jar", "broken or half copied");
        Path twice = whole("twice");
        Files.copy(
                setting.previous().resolve("sqlite-jdbc.jar"),
                twice.resolve("sqlite-jdbc-previous.jar"),
                StandardCopyOption.REPLACE_EXISTING);
        refused("two versions of a module", act, twice, "org.xerial.sqlitejdbc");
    }

    private void refused(String what, Act act, Path path, String... words) {
        checks.fails(what, ConfigurationException.class, () -> act.with(path), words);
    }

    private Path whole(String name) throws IOException {
        Path folder = setting.folder(name);
        for (String jar : List.of("bunary-orm-jdbc.jar", "bunary-orm-driver-sqlite.jar", "sqlite-jdbc.jar")) {
            copy(jar, folder);
        }
        return folder;
    }

    private void copy(String jar, Path folder) throws IOException {
        Files.copy(setting.driver().resolve(jar), folder.resolve(jar), StandardCopyOption.REPLACE_EXISTING);
    }
}
