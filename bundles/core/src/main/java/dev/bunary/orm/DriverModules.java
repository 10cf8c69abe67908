package dev.bunary.orm;

import dev.bunary.orm.layer.DriverLayers;
import dev.bunary.orm.swap.InstalledDriver;
import dev.bunary.orm.swap.Registration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Hot swap without a framework: drivers are installed, updated and uninstalled while a {@code java -p} application runs,
 * each in a {@link ModuleLayer} of its own. What is installed here serves every {@link Orm}, like a driver on the module
 * path, and wins over one of equal ranking that was there before. Safe for use by many threads.
 *
 * <p>A layer sees this library's modules and those of the platform that the process was started with; it cannot add
 * platform modules later. Other modules it takes from its own jars, unless the module path has the same version. Jars are
 * copied before they are loaded, so the originals may be overwritten at any time. From JDK 22 on a layer's modules may
 * call native code without a warning if {@code --enable-native-access=dev.bunary.orm} is given.
 */
public final class DriverModules {
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

    private DriverModules() {}

    /**
     * Installs a driver. Opens no database: a connection's next use does.
     *
     * @param jarOrFolder a modular jar with a {@code DriverFactory}, or a folder of jars: the driver and what it needs
     * @return the installation, to update or uninstall it
     * @throws dev.bunary.orm.driver.ConfigurationException if the jars are missing, broken, do not fit together or hold
     *     no driver, or if this library is on the class path or in OSGi
     */
    public static InstalledDriver install(Path jarOrFolder) {
        return DriverLayers.shared().install(jarOrFolder);
    }

    /**
     * What is installed now, by {@link #install} or a watched folder.
     *
     * @return the installations, oldest first
     */
    public static List<InstalledDriver> installed() {
        return DriverLayers.shared().installed();
    }

    /**
     * Keeps drivers as a drop-in folder has them, looking every second: {@link #watch(Path, Duration)}.
     *
     * @param folder a folder that exists
     * @return closes to stop watching and uninstall what came from the folder
     * @throws dev.bunary.orm.driver.ConfigurationException as {@link #watch(Path, Duration)}
     */
    public static Registration watch(Path folder) {
        return watch(folder, POLL_INTERVAL);
    }

    /**
     * Keeps drivers as a drop-in folder has them. Each jar with a {@code DriverFactory} is a driver, together with the
     * jars of the folder that it needs: copied in it is installed, when one of these jars is replaced it is updated,
     * deleted it is uninstalled. A driver that builds on another driver's module needs {@link #install} instead. Of two versions of a module the newer counts. What is there already is installed before
     * this returns. A jar that is broken, still being copied or lacks something is one line of log, and the driver that
     * runs goes on.
     *
     * @param folder a folder that exists; folders in it are left alone
     * @param interval how often to look, 10 ms or more; changes count once two looks see the same
     * @return closes to stop watching and uninstall what came from the folder
     * @throws dev.bunary.orm.driver.ConfigurationException if the folder does not exist, the interval is too short, or
     *     this library is on the class path or in OSGi
     */
    public static Registration watch(Path folder, Duration interval) {
        return DriverLayers.shared().watch(folder, interval);
    }
}
