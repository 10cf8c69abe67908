package hotswap;

import dev.bunary.orm.DriverModules;
import dev.bunary.orm.Orm;
import dev.bunary.orm.swap.Registration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A drop-in folder under load: copied in, half copied, replaced, a newer one beside, deleted, put back. */
final class WatchRun {
    private static final String DRIVER = "bunary-orm-driver-sqlite.jar";
    private static final String LIBRARY = "sqlite-jdbc.jar";
    private static final Duration INTERVAL = Duration.ofMillis(50);

    private final Setting setting;
    private final Checks checks;
    private final LogLines log = LogLines.listen();
    private final Path folder;

    WatchRun(Setting setting, Checks checks) {
        this.setting = setting;
        this.checks = checks;
        this.folder = setting.folder("drivers");
    }

    void run() throws IOException, InterruptedException {
        try (Orm orm = setting.orm()) {
            Registration watch = DriverModules.watch(folder, INTERVAL);
            checks.isEqual("nothing to install yet", List.of(), DriverModules.installed());
            copyIn(orm);
            try (var queries = new Queries(orm)) {
                halfCopied(orm);
                replaced(orm);
                noJarAtAll(orm);
                newerBeside(orm);
                deletedAndPutBack(orm);
                checks.isEqual("queries that failed", List.of(), queries.stop());
            }
            watch.close();
            checks.isEqual("nothing is installed when the watch is closed", List.of(), DriverModules.installed());
            watch.close();
        }
        checks.isEqual("temporary files", List.of(), Setting.temporaryFiles());
        presentAtTheStart();
    }

    private void copyIn(Orm orm) throws IOException, InterruptedException {
        copy(setting.driver(), DRIVER, DRIVER);
        awaitLine("a driver without what it needs is told", DRIVER, "lacks something");
        copy(setting.driver(), "bunary-orm-jdbc.jar", "bunary-orm-jdbc.jar");
        copy(setting.previous(), LIBRARY, LIBRARY);
        awaitInstalled(1);
        orm.getDriver().exec("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");
        orm.table("notes").insert(Map.of("text", "one"));
        checks.isEqual(
                "source",
                folder.resolve(DRIVER),
                DriverModules.installed().get(0).source());
    }

    private void halfCopied(Orm orm) throws IOException, InterruptedException {
        long generation = generation(orm);
        byte[] whole = Files.readAllBytes(setting.driver().resolve(LIBRARY));
        Files.write(folder.resolve(LIBRARY), Arrays.copyOf(whole, whole.length / 2)); // over the file that is loaded
        awaitLine("half a jar is told", LIBRARY, "broken or half copied");
        checks.isEqual("generation", generation, generation(orm));
        checks.isEqual(
                "the same driver is installed", 1, DriverModules.installed().size());
    }

    private void replaced(Orm orm) throws IOException, InterruptedException {
        String before = Setting.version(orm);
        copy(setting.driver(), LIBRARY, LIBRARY);
        awaitOther("the whole jar is an update", orm, before);
    }

    private void noJarAtAll(Orm orm) throws IOException, InterruptedException {
        long generation = generation(orm);
        Files.writeString(folder.resolve("notes.jar"), "not a jar");
        awaitLine("what is no jar is told", "notes.jar", "broken or half copied");
        Files.delete(folder.resolve("notes.jar"));
        checks.isEqual("generation", generation, generation(orm));
    }

    private void newerBeside(Orm orm) throws IOException, InterruptedException {
        copy(setting.previous(), LIBRARY, LIBRARY);
        String current = Setting.version(orm);
        awaitOther("an older jar is an update too", orm, current);
        String older = Setting.version(orm);
        copy(setting.driver(), LIBRARY, "sqlite-jdbc-newer.jar");
        awaitOther("a newer jar beside the older one is an update", orm, older);
        awaitLine("the older one is told", LIBRARY, "is left alone", "is the newer");
        String newer = Setting.version(orm);
        Files.delete(folder.resolve("sqlite-jdbc-newer.jar"));
        awaitOther("without it the older one serves again", orm, newer);
    }

    private void deletedAndPutBack(Orm orm) throws IOException, InterruptedException {
        long generation = generation(orm);
        Files.delete(folder.resolve(DRIVER));
        awaitInstalled(0);
        copy(setting.driver(), DRIVER, DRIVER);
        awaitInstalled(1);
        checks.isEqual("a row survived", 1L, orm.table("notes").count());
        checks.isTrue("another generation", generation(orm) > generation);
    }

    private void presentAtTheStart() {
        try (Orm orm = setting.orm();
                var watch = DriverModules.watch(folder, INTERVAL)) {
            checks.isEqual(
                    "what is there is installed when watch returns",
                    1L,
                    orm.table("notes").count());
        }
        checks.isEqual("temporary files", List.of(), Setting.temporaryFiles());
    }

    // ---- steps

    private void copy(Path from, String jar, String as) throws IOException {
        Files.copy(from.resolve(jar), folder.resolve(as), StandardCopyOption.REPLACE_EXISTING);
    }

    private void awaitLine(String what, String... words) throws InterruptedException {
        checks.comesTrue(what, () -> log.has(words), log::toString);
        checks.isTrue(what + " once", log.count(words) == 1, log::toString);
    }

    private void awaitInstalled(int count) throws InterruptedException {
        checks.comesTrue(
                "installed drivers: " + count,
                () -> DriverModules.installed().size() == count,
                () -> DriverModules.installed() + " " + log);
    }

    private void awaitOther(String what, Orm orm, String version) throws InterruptedException {
        checks.comesTrue(what, () -> !version.equals(Setting.version(orm)), log::toString);
    }

    private static long generation(Orm orm) {
        return orm.drivers().get(0).generation();
    }
}
