package dev.bunary.orm.it.karaf;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** Jars of the repository that Karaf may take from, copies of them as other versions, and the probe's bundle. */
final class Jars {
    static final Path REPOSITORY = Path.of(System.getProperty("repository"));
    static final String VERSION = System.getProperty("project.version");

    private static final String OURS = Jars.class.getPackageName();

    private Jars() {}

    /** One of our jars. */
    static Path ours(String artifact) {
        return REPOSITORY
                .resolve("dev/bunary")
                .resolve(artifact)
                .resolve(VERSION)
                .resolve(artifact + "-" + VERSION + ".jar");
    }

    /** The SQLite driver with another {@code Bundle-Version}. */
    static Path driver(String version, Path folder) throws IOException {
        Path copy = folder.resolve("driver-" + version + ".jar");
        try (var from = new JarFile(ours("bunary-orm-driver-sqlite").toFile())) {
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

    /** The bundle with the shell commands of scope {@code probe}. */
    static Path probe(Path folder) throws IOException {
        Path jar = folder.resolve("probe.jar");
        var manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue("Bundle-ManifestVersion", "2");
        headers.putValue("Bundle-SymbolicName", OURS + ".probe");
        headers.putValue("Bundle-Version", "1.0.0");
        headers.putValue("Bundle-Activator", OURS + ".probe.ProbeActivator");
        headers.putValue(
                "Import-Package",
                "dev.bunary.orm,dev.bunary.orm.driver,dev.bunary.orm.query,dev.bunary.orm.soak,dev.bunary.orm.swap,"
                        + "org.osgi.framework,org.osgi.framework.wiring");
        Path classes = Path.of(URI.create(
                Jars.class.getProtectionDomain().getCodeSource().getLocation().toString()));
        try (var to = new JarOutputStream(Files.newOutputStream(jar), manifest);
                Stream<Path> files = Files.list(classes.resolve(OURS.replace('.', '/') + "/probe"))) {
            for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                to.putNextEntry(new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
                Files.copy(file, to);
                to.closeEntry();
            }
        }
        return jar;
    }
}
