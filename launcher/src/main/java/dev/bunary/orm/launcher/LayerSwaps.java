package dev.bunary.orm.launcher;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import dev.bunary.orm.DriverModules;
import dev.bunary.orm.Orm;
import dev.bunary.orm.soak.Tuning;
import dev.bunary.orm.swap.InstalledDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Swaps of the driver as a module layer. Its jars are in a folder, in which they are overwritten by newer ones; what is
 * installed has copies of its own.
 */
final class LayerSwaps implements DriverSwaps {
    private static final int LEAST_BUSY_TIMEOUT = 5_000;

    private final Orm orm;
    private final Layout layout;
    private final Path jars;
    private final DriverReleases releases;
    private InstalledDriver driver;
    private int released;
    private int tuned;
    private boolean otherLibrary;

    private LayerSwaps(Orm orm, Layout layout, Path jars, DriverReleases releases) {
        this.orm = orm;
        this.layout = layout;
        this.jars = jars;
        this.releases = releases;
        this.driver = DriverModules.install(jars);
    }

    /** Installs the driver. The folder takes its jars. */
    static LayerSwaps install(Orm orm, Path folder) throws IOException {
        var layout = Layout.ofThisProcess();
        Path jars = Files.createDirectory(folder.resolve("driver"));
        for (Path jar : List.of(layout.driver(), layout.driverBase(), layout.sqlite())) {
            Files.copy(jar, jars.resolve(jar.getFileName()));
        }
        return new LayerSwaps(orm, layout, jars, new DriverReleases(layout.driver(), folder));
    }

    @Override
    public List<Map.Entry<String, Runnable>> prepare(SwapMode mode) throws IOException {
        return switch (mode) {
            case UPDATE -> List.of(update());
            case RESTART -> List.of(DriverSwaps.swap("uninstall the driver's layer and install it", this::install));
            case REINSTALL -> List.of(reinstall());
            case RANK -> rank();
            case CONFIG -> List.of(tune());
            case LIBRARY -> List.of(library());
            case MIXED -> throw new IllegalArgumentException("a mix is made of the others");
        };
    }

    /** A layer has one loader for the driver and its library. Of two layers it is the one that serves. */
    @Override
    public Map<ClassLoader, String> loaders() {
        ClassLoader loader = orm.getDriver().dialect().getClass().getClassLoader();
        return Map.of(loader, orm.drivers().get(0).factory().orElseThrow().toString());
    }

    /** Each install and update is a layer with a loader of its own. */
    @Override
    public boolean replacesLoaders(SwapMode mode) {
        return mode != SwapMode.CONFIG;
    }

    private Map.Entry<String, Runnable> update() throws IOException {
        takeNextJar();
        return DriverSwaps.swap("update the driver's layer", () -> driver.update(jars));
    }

    private Map.Entry<String, Runnable> reinstall() throws IOException {
        takeNextJar();
        return DriverSwaps.swap("uninstall the driver's layer and install a new version", this::install);
    }

    private void install() {
        driver.uninstall();
        driver = DriverModules.install(jars);
    }

    /** Of two of one ranking the later serves. */
    private List<Map.Entry<String, Runnable>> rank() throws IOException {
        takeNextJar();
        var second = new AtomicReference<InstalledDriver>();
        return List.of(
                DriverSwaps.swap("install a second driver layer", () -> second.set(DriverModules.install(jars))),
                DriverSwaps.swap(
                        "uninstall the second driver layer", () -> second.get().uninstall()));
    }

    private Map.Entry<String, Runnable> tune() {
        String millis = String.valueOf(LEAST_BUSY_TIMEOUT + ++tuned);
        return DriverSwaps.swap(
                "change busyTimeout of the connection", () -> Tuning.apply(orm, Map.of("busyTimeout", millis)));
    }

    private Map.Entry<String, Runnable> library() throws IOException {
        otherLibrary = !otherLibrary;
        Path library = otherLibrary ? layout.otherSqlite() : layout.sqlite();
        Files.copy(library, jars.resolve(layout.sqlite().getFileName()), REPLACE_EXISTING);
        return DriverSwaps.swap("replace sqlite-jdbc in the driver's layer", () -> driver.update(jars));
    }

    private void takeNextJar() throws IOException {
        Files.move(
                releases.laterModule(++released), jars.resolve(layout.driver().getFileName()), REPLACE_EXISTING);
    }
}
