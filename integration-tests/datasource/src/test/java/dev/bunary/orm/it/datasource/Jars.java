package dev.bunary.orm.it.datasource;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** The shipped jars, copies of them under another version, and small bundles of this module's own classes. */
final class Jars {
    private static final Path FOLDER = Path.of(System.getProperty("jars"));
    static final Path DRIVER_API = FOLDER.resolve("bunary-orm-driver-api.jar");
    static final Path CORE = FOLDER.resolve("bunary-orm.jar");
    static final Path JDBC = FOLDER.resolve("bunary-orm-jdbc.jar");
    static final Path DRIVER = FOLDER.resolve("bunary-orm-driver-datasource.jar");
    static final Path HIKARI = FOLDER.resolve("HikariCP.jar");
    static final Path SLF4J = FOLDER.resolve("slf4j-api.jar");

    static final Path JDBC_SERVICE = FOLDER.resolve("org.osgi.service.jdbc.jar");
    static final Path H2 = FOLDER.resolve("h2.jar");

    private static final String OURS = Jars.class.getPackageName();

    private Jars() {}

    /** The same jar with another {@code Bundle-Version}. */
    static Path restamped(Path jar, String version, Path folder) throws IOException {
        Path copy = folder.resolve(version + "-" + jar.getFileName());
        try (var from = new JarFile(jar.toFile())) {
            Manifest manifest = new Manifest(from.getManifest());
            manifest.getMainAttributes().putValue("Bundle-Version", version);
            try (var to = new JarOutputStream(Files.newOutputStream(copy), manifest)) {
                for (JarEntry entry : (Iterable<JarEntry>) from.stream()::iterator) {
                    if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
                        to.putNextEntry(new JarEntry(entry.getName()));
                        from.getInputStream(entry).transferTo(to);
                        to.closeEntry();
                    }
                }
            }
        }
        return copy;
    }

    /** The bundle that takes the {@code Orm} service and offers a probe. */
    static Path consumer(Path folder) throws IOException {
        return bundle(
                folder,
                "consumer",
                "ConsumerActivator",
                List.of(
                        "dev.bunary.orm",
                        "dev.bunary.orm.driver",
                        "dev.bunary.orm.query",
                        "dev.bunary.orm.swap",
                        OURS + ".probe",
                        "javax.sql",
                        "org.osgi.framework",
                        "org.osgi.service.jdbc",
                        "org.osgi.util.tracker"));
    }

    private static Path bundle(Path folder, String name, String activator, List<String> imports) throws IOException {
        Path jar = folder.resolve(name + ".jar");
        var manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue("Bundle-ManifestVersion", "2");
        headers.putValue("Bundle-SymbolicName", OURS + "." + name);
        headers.putValue("Bundle-Version", "1.0.0");
        headers.putValue("Bundle-Activator", OURS + "." + name + "." + activator);
        headers.putValue("Import-Package", String.join(",", imports));
        Path classes = classes().resolve(OURS.replace('.', '/')).resolve(name);
        try (OutputStream out = Files.newOutputStream(jar);
                var to = new JarOutputStream(out, manifest);
                Stream<Path> files = Files.list(classes)) {
            for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                to.putNextEntry(
                        new JarEntry(classes().relativize(file).toString().replace('\\', '/')));
                Files.copy(file, to);
                to.closeEntry();
            }
        }
        return jar;
    }

    private static Path classes() {
        URI location = URI.create(
                Jars.class.getProtectionDomain().getCodeSource().getLocation().toString());
        return Path.of(location);
    }
}
