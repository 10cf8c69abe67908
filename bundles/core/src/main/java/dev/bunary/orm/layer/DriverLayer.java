package dev.bunary.orm.layer;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.registry.FactorySource;
import dev.bunary.orm.swap.FactoryInfo;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolutionException;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A driver's jars, loaded as a module layer: its factories, and the private copies of its jars. Refers to the layer's
 * classes by the factories alone, so that nothing keeps them once these are dropped.
 */
final class DriverLayer {
    private final List<FactorySource> factories;
    private final PrivateCopies copies;
    private final Path folder;

    private DriverLayer(List<FactorySource> factories, PrivateCopies copies, Path folder) {
        this.factories = factories;
        this.copies = copies;
        this.folder = folder;
    }

    /**
     * Loads a driver; opens nothing.
     *
     * @param source what the caller named, for messages
     * @param jars the driver's jars
     * @param copies where to copy them
     * @param parent the layer of this library
     * @return the driver; {@link #discard} deletes the copies
     * @throws ConfigurationException if the jars are broken, do not fit together or hold no driver
     */
    static DriverLayer load(Path source, List<Path> jars, PrivateCopies copies, ModuleLayer parent) {
        Path folder = copies.copy(jars);
        try {
            DriverJars.in(folder).forEach(JarContent::requireWhole);
            return new DriverLayer(factories(source, folder, parent), copies, folder);
        } catch (RuntimeException | Error broken) {
            copies.delete(folder);
            throw broken;
        }
    }

    private static List<FactorySource> factories(Path source, Path folder, ModuleLayer parent) {
        try {
            var modules = LayerModules.of(ModuleFinder.of(folder).findAll(), parent.configuration());
            Set<String> drivers = modules.drivers();
            if (drivers.isEmpty()) {
                throw new ConfigurationException("driver path '" + source + "' holds no module that provides "
                        + DriverFactory.class.getName() + "; modules in it: " + modules.names());
            }
            return providers(define(modules.resolve(drivers), parent));
        } catch (FindException | ResolutionException unresolved) {
            throw new ConfigurationException(
                    "driver path '" + source + "' cannot be resolved: " + unresolved.getMessage()
                            + "; name a folder that holds the driver's jar and each jar it needs once"
                            + hint(unresolved),
                    unresolved);
        } catch (LayerInstantiationException | ServiceConfigurationError | LinkageError broken) {
            Throwable cause = broken.getCause(); // of a factory that cannot be made
            throw new ConfigurationException(
                    "driver path '" + source + "' cannot be loaded: " + broken.getMessage()
                            + (cause == null ? "" : ": " + cause),
                    broken);
        }
    }

    private static String hint(RuntimeException unresolved) {
        String message = String.valueOf(unresolved.getMessage());
        return message.contains("Module java.") || message.contains("Module jdk.")
                ? "; modules of the platform come with --add-modules when the process is started"
                : "";
    }

    private static ModuleLayer define(Configuration configuration, ModuleLayer parent) {
        ModuleLayer.Controller controller = ModuleLayer.defineModulesWithOneLoader(
                configuration, List.of(parent), ClassLoader.getSystemClassLoader());
        NativeAccess.passOn(controller);
        return controller.layer();
    }

    private static List<FactorySource> providers(ModuleLayer layer) {
        // the loader also gives the providers of the layers below, which are not of this driver
        return ServiceLoader.load(layer, DriverFactory.class).stream()
                .filter(provider -> provider.type().getModule().getLayer() == layer)
                .map(DriverLayer::source)
                .toList();
    }

    private static FactorySource source(ServiceLoader.Provider<DriverFactory> provider) {
        DriverFactory factory = provider.get();
        try {
            return FactorySource.of(factory, provider.type(), "module layer");
        } catch (RuntimeException broken) { // code of the driver
            throw new ServiceConfigurationError(
                    provider.type().getName() + " cannot say what it serves: " + broken, broken);
        }
    }

    List<FactorySource> factories() {
        return factories;
    }

    List<FactoryInfo> infos() {
        return factories.stream()
                .map(factory -> new FactoryInfo(factory.name(), factory.version(), factory.origin(), factory.ranking()))
                .toList();
    }

    /** Deletes the copies of the jars. The classes go when nobody refers to them any more. */
    void discard() {
        copies.delete(folder);
    }

    /** Names and versions for a log line. */
    @Override
    public String toString() {
        return infos().stream().map(FactoryInfo::toString).collect(Collectors.joining(", "));
    }
}
