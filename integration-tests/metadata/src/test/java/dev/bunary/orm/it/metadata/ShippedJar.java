package dev.bunary.orm.it.metadata;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/**
 * One jar as Maven built it.
 *
 * @param artifact the Maven artifact
 * @param module the module's name and the bundle's symbolic name that it must have
 * @param folder its folder in bundles
 */
record ShippedJar(String artifact, String module, String folder) {
    static final String FACTORY = "dev.bunary.orm.driver.DriverFactory";
    static final Path JARS = Path.of(System.getProperty("jars"));
    private static final String SERVICES = "META-INF/services/";

    /** ARCHITECTURE.md's table of folders. */
    static final List<ShippedJar> ALL = List.of(
            new ShippedJar("bunary-orm-driver-api", "dev.bunary.orm.driver", "driver-api"),
            new ShippedJar("bunary-orm", "dev.bunary.orm", "core"),
            new ShippedJar("bunary-orm-jdbc", "dev.bunary.orm.jdbc", "jdbc"),
            new ShippedJar("bunary-orm-driver-sqlite", "dev.bunary.orm.driver.sqlite", "driver-sqlite"),
            new ShippedJar("bunary-orm-driver-datasource", "dev.bunary.orm.driver.datasource", "driver-datasource"),
            new ShippedJar("bunary-orm-driver-tck", "dev.bunary.orm.driver.tck", "driver-tck"),
            new ShippedJar("bunary-orm-soak", "dev.bunary.orm.soak", "soak"));

    static ShippedJar ofModule(String module) {
        return ALL.stream()
                .filter(jar -> jar.module().equals(module))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no shipped jar is named " + module));
    }

    Path file() {
        return JARS.resolve(artifact + ".jar");
    }

    /** The service that others can rely on, if there is one. */
    Optional<String> service() {
        if (isDriver()) {
            return Optional.of(FACTORY);
        }
        return folder.equals("core") ? Optional.of("dev.bunary.orm.Orm") : Optional.empty();
    }

    boolean isDriver() {
        return module.startsWith("dev.bunary.orm.driver.") && !folder.equals("driver-tck");
    }

    /** Whether it has a factory at once. The DataSource driver has none until somebody gives it a DataSource. */
    boolean hasFactory() {
        return isDriver() && !folder.equals("driver-datasource");
    }

    ModuleDescriptor descriptor() {
        return ModuleFinder.of(file()).findAll().iterator().next().descriptor();
    }

    /** Names of all entries that are files. */
    Set<String> entries() {
        try (var jar = new JarFile(file().toFile())) {
            return jar.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(entry -> entry.getName())
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    byte[] bytes(String entry) {
        try (var jar = new JarFile(file().toFile())) {
            try (InputStream in = jar.getInputStream(jar.getJarEntry(entry))) {
                return in.readAllBytes();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    String header(String name) {
        try (var jar = new JarFile(file().toFile())) {
            return jar.getManifest().getMainAttributes().getValue(name);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Packages that hold classes, in this jar. */
    Set<String> packages() {
        return entries().stream()
                .filter(name -> name.endsWith(".class") && name.contains("/") && !name.startsWith("META-INF/"))
                .map(name -> name.substring(0, name.lastIndexOf('/')).replace('/', '.'))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Providers per service, of {@code META-INF/services}. */
    Map<String, Set<String>> services() {
        var services = new TreeMap<String, Set<String>>();
        entries().stream()
                .filter(name -> name.startsWith(SERVICES))
                .forEach(name -> services.put(
                        name.substring(SERVICES.length()),
                        new String(bytes(name), StandardCharsets.UTF_8)
                                .lines()
                                .map(line -> line.replaceFirst("#.*", "").strip())
                                .filter(line -> !line.isEmpty())
                                .collect(Collectors.toCollection(TreeSet::new))));
        return services;
    }

    /** Providers per service, of the module descriptor. */
    Map<String, Set<String>> provides() {
        var provides = new TreeMap<String, Set<String>>();
        descriptor()
                .provides()
                .forEach(provided -> provides.put(provided.service(), new TreeSet<>(provided.providers())));
        return provides;
    }

    @Override
    public String toString() {
        return artifact;
    }
}
