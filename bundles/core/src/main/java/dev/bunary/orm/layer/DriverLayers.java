package dev.bunary.orm.layer;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.registry.DriverRegistry;
import dev.bunary.orm.registry.Feeder;
import dev.bunary.orm.swap.InstalledDriver;
import dev.bunary.orm.swap.Registration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The drivers that are installed in module layers. There is one per class loader. Safe for use by many threads. */
public final class DriverLayers implements Feeder {
    private static final DriverLayers SHARED = new DriverLayers(DriverRegistry.shared());

    private final DriverRegistry registry;
    private final PrivateCopies copies = new PrivateCopies();
    private final List<InstalledLayer> installed = new CopyOnWriteArrayList<>();
    private final AtomicInteger updates = new AtomicInteger();

    private DriverLayers(DriverRegistry registry) {
        this.registry = registry;
    }

    /** The one of this class loader. */
    public static DriverLayers shared() {
        return SHARED;
    }

    /** Installs a driver from a jar or a folder of jars. */
    public InstalledDriver install(Path jarOrFolder) {
        beginFeeding();
        return install(jarOrFolder, DriverJars.at(jarOrFolder));
    }

    InstalledLayer install(Path source, List<Path> jars) {
        var driver = new InstalledLayer(this, source, load(source, jars));
        installed.add(driver);
        return driver;
    }

    /** What is installed now, oldest first. */
    public List<InstalledDriver> installed() {
        return List.copyOf(installed);
    }

    /** Keeps drivers as a folder has them, until the registration is closed. */
    public Registration watch(Path folder, Duration interval) {
        beginFeeding();
        return DropFolder.watch(folder, interval, this);
    }

    /** A caller that finds no driver while one is replaced may wait, even if its connection never had one. */
    @Override
    public boolean mayBringMore() {
        return updates.get() > 0;
    }

    // ---- what the drivers ask

    DriverRegistry registry() {
        return registry;
    }

    DriverLayer load(Path source, List<Path> jars) {
        return DriverLayer.load(source, jars, copies, parent());
    }

    void updateBegins() {
        updates.incrementAndGet();
    }

    void updateEnds() {
        updates.decrementAndGet();
    }

    void remove(InstalledLayer driver) {
        installed.remove(driver);
    }

    static ModuleLayer parent() {
        return requireLayer(DriverLayers.class.getModule());
    }

    // ---- where it cannot work

    private void beginFeeding() {
        requireNoFramework(registry.feeder());
        parent();
        // those of the module path first, as of two factories that tie the later wins
        registry.readProviders();
        registry.feedBy(this);
    }

    static void requireNoFramework(Feeder feeder) {
        if (feeder != Feeder.FIXED && !(feeder instanceof DriverLayers)) {
            throw new ConfigurationException(
                    "driver modules are for plain Java; here a framework brings the drivers, so"
                            + " install the driver as a bundle");
        }
    }

    static ModuleLayer requireLayer(Module core) {
        ModuleLayer layer = core.getLayer();
        if (layer == null) {
            throw new ConfigurationException(
                    "driver modules need this library as the module dev.bunary.orm, and it is on"
                            + " the class path; start the application with -p instead of -cp, or call registerDriver(type,"
                            + " factory)");
        }
        return layer;
    }
}
