package hotswap;

import dev.bunary.orm.DriverModules;
import dev.bunary.orm.Orm;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.Row;
import dev.bunary.orm.soak.ProcessCensus;
import dev.bunary.orm.swap.InstalledDriver;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A hundred layers come and go, and then as many updates of one that is in use: nothing of the old may remain. */
final class LeakRun {
    private static final int WARM_UP = 5;
    private static final int LAYERS = 100;
    private static final int UPDATES = 20;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Setting setting;
    private final Checks checks;
    private final ProcessCensus census = ProcessCensus.take();
    private final List<WeakReference<ClassLoader>> loaders = new ArrayList<>();

    LeakRun(Setting setting, Checks checks) {
        this.setting = setting;
        this.checks = checks;
    }

    void run() throws InterruptedException {
        for (int layer = 0; layer < WARM_UP; layer++) {
            installUseUninstall(layer);
        }
        awaitCollected("loaders of the warm-up", 0);
        int threads = threads();
        long files = openFiles();
        long begin = System.nanoTime();
        for (int layer = 0; layer < LAYERS; layer++) {
            installUseUninstall(layer);
        }
        System.out.printf("%d layers in %d ms%n", LAYERS, (System.nanoTime() - begin) / 1_000_000);
        awaitCollected("loaders of " + LAYERS + " layers still reachable", 0);
        nothingGrew(threads, files);
        updatesUnderHandles();
        nothingGrew(threads, files);
    }

    private void installUseUninstall(int number) {
        InstalledDriver driver = DriverModules.install(folder(number));
        try (Orm orm = setting.orm()) {
            useEverything(orm);
        }
        driver.uninstall();
    }

    /** Handles that were given out before an update go on working, and must not keep the driver they were born with. */
    private void updatesUnderHandles() throws InterruptedException {
        InstalledDriver driver = DriverModules.install(folder(0));
        var handles = new ArrayList<DatabaseDriver>();
        try (Orm orm = setting.orm()) {
            for (int update = 1; update <= UPDATES; update++) {
                useEverything(orm);
                handles.add(orm.getDriver());
                driver.update(folder(update));
            }
            useEverything(orm);
            checks.isEqual(
                    "distinct handles",
                    (long) UPDATES,
                    handles.stream().distinct().count());
            awaitCollected("loaders still reachable while " + UPDATES + " old handles are held", 1);
            boolean follow = handles.stream()
                    .allMatch(handle ->
                            handle.query("SELECT 1 AS one").get().orElseThrow().getLong("one") == 1);
            checks.isTrue("the old handles follow", follow);
        }
        driver.uninstall();
        awaitCollected("loaders still reachable after all", 0);
    }

    private void useEverything(Orm orm) {
        DatabaseDriver driver = orm.getDriver();
        loaders.add(new WeakReference<>(driver.dialect().getClass().getClassLoader()));
        driver.exec("CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");
        orm.transaction(() -> {
            orm.table("notes").insert(Map.of("text", "one"));
            orm.table("notes").insert(Map.of("text", "two"));
        });
        try (Stream<Row> notes = orm.table("notes").limit(3).stream()) {
            notes.forEach(note -> orm.table("notes").find(note.getLong("id")).orElseThrow());
        }
        try {
            orm.table("notes").where("no_such_column", 1).all();
            throw new IllegalStateException("a column that is not there was found");
        } catch (dev.bunary.orm.driver.SqlException expected) {
            orm.table("notes").count();
        }
    }

    private Path folder(int number) {
        return number % 2 == 0 ? setting.driver() : setting.previous();
    }

    private void awaitCollected(String what, long most) throws InterruptedException {
        comesTrueAfterCollection(
                what + ": " + most,
                () -> reachable() <= most,
                () -> reachable() + " of " + loaders.size() + " are reachable");
    }

    private void comesTrueAfterCollection(String what, BooleanSupplier condition, Supplier<String> seen)
            throws InterruptedException {
        checks.comesTrue(
                what,
                () -> {
                    System.gc();
                    return condition.getAsBoolean();
                },
                seen);
    }

    private long reachable() {
        return loaders.stream()
                .map(WeakReference::get)
                .filter(loader -> loader != null)
                .distinct()
                .count();
    }

    private void nothingGrew(int threads, long files) throws InterruptedException {
        checks.comesTrue("threads did not grow from " + threads, () -> threads() <= threads, () -> {
            var names = new ArrayList<String>();
            Thread.getAllStackTraces().keySet().forEach(thread -> names.add(thread.getName()));
            return names.toString();
        });
        checks.isEqual(
                "threads, JDBC drivers and native libraries that are left",
                List.of(),
                census.growth(LIMIT).broken());
        comesTrueAfterCollection(
                "open files did not grow from " + files, () -> openFiles() <= files, () -> openFiles() + " files");
        checks.isEqual("temporary files", List.of(), Setting.temporaryFiles());
    }

    private static int threads() {
        return Thread.getAllStackTraces().size();
    }

    /** Files that the process has open, which Linux tells; 0 elsewhere. */
    private static long openFiles() {
        String[] files = Path.of("/proc/self/fd").toFile().list();
        return files == null ? 0 : files.length;
    }
}
