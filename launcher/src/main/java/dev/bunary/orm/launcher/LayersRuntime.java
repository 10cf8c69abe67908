package dev.bunary.orm.launcher;

import dev.bunary.orm.DriverModules;
import dev.bunary.orm.Orm;
import dev.bunary.orm.OrmConfig;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.soak.LoadPlan;
import dev.bunary.orm.soak.Soak;
import dev.bunary.orm.soak.SwapPlan;
import dev.bunary.orm.swap.InstalledDriver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/** The ORM and the load as named modules of this process, and the driver in a module layer: see {@link ModuleProcess}. */
final class LayersRuntime implements SoakRuntime, AutoCloseable {
    private final Closing closing;
    private final Orm orm;
    private final DriverSwaps driver;

    private LayersRuntime(Closing closing, Orm orm, DriverSwaps driver) {
        this.closing = closing;
        this.orm = orm;
        this.driver = driver;
    }

    /** Installs the driver, with its jars and the database in a folder. It is closed with what else the command has opened. */
    static LayersRuntime boot(Closing closing, Path folder) throws IOException {
        var connection = Map.of("path", folder.resolve("soak.sqlite").toString());
        Orm orm = closing.add(Orm.create(OrmConfig.of(DatabaseConfig.of("sqlite", connection))));
        return closing.add(new LayersRuntime(closing, orm, LayerSwaps.install(orm, folder)));
    }

    @Override
    public DriverSwaps driver() {
        return driver;
    }

    @Override
    public Map<String, ?> soak(SoakPlan plan, SoakSwaps swaps, Consumer<String> out) {
        LoadPlan load = LoadPlan.of(plan.threads(), Duration.ofSeconds(plan.seconds()), plan.seed())
                .withRows(SoakPlan.USERS, SoakPlan.POSTS);
        try {
            return new Soak(orm, load, out)
                    .run(plan.swaps(), new SwapPlan(swaps::idle, swaps::next, swaps::finish))
                    .toMap();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new LauncherException("the soak was interrupted", stop);
        } catch (RuntimeException failure) {
            throw closing.processEnds() ? new LauncherException("ended before it was done", failure) : failure;
        }
    }

    /** Uninstalls the driver. */
    @Override
    public void close() {
        DriverModules.installed().forEach(InstalledDriver::uninstall);
    }

    @Override
    public String toString() {
        return "Bunary ORM %s, module layers, Java %s"
                .formatted(Main.Versions.version(), Runtime.version().feature());
    }
}
