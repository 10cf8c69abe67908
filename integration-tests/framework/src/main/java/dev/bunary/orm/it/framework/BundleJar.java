package dev.bunary.orm.it.framework;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.Constants;

/** Bundles made for a test: of a package of the test's own classes, or copies of a jar with other headers. */
public final class BundleJar {
    private BundleJar() {}

    /**
     * Packs a package as a bundle that is named for it.
     *
     * @param folder where to; the file is named for the package's last part
     * @param activator the package's activator
     * @param imports the packages it needs
     * @return the jar
     */
    public static Path of(Path folder, Class<? extends BundleActivator> activator, String... imports)
            throws IOException {
        String packageName = activator.getPackageName();
        var manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        headers.putValue(Constants.BUNDLE_SYMBOLICNAME, packageName);
        headers.putValue(Constants.BUNDLE_VERSION, "1.0.0");
        headers.putValue(Constants.BUNDLE_ACTIVATOR, activator.getName());
        headers.putValue(Constants.IMPORT_PACKAGE, String.join(",", imports));
        Path jar = folder.resolve(packageName.substring(packageName.lastIndexOf('.') + 1) + ".jar");
        Path classes = Path.of(URI.create(
                activator.getProtectionDomain().getCodeSource().getLocation().toString()));
        try (var to = new JarOutputStream(Files.newOutputStream(jar), manifest);
                Stream<Path> files = Files.list(classes.resolve(packageName.replace('.', '/')))) {
            for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                to.putNextEntry(new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
                Files.copy(file, to);
                to.closeEntry();
            }
        }
        return jar;
    }

    /**
     * Copies a bundle as another version, as if its author had released it again.
     *
     * @param jar the bundle
     * @param version the copy's version
     * @param folder where to
     * @return the copy, named for both
     */
    public static Path restamped(Path jar, String version, Path folder) throws IOException {
        Path copy = folder.resolve(version + "-" + jar.getFileName());
        return restamped(jar, copy, headers -> headers.putValue(Constants.BUNDLE_VERSION, version));
    }

    /**
     * Copies a bundle with other headers.
     *
     * @param jar the bundle
     * @param copy the file to write
     * @param change changes the headers
     * @return the copy
     */
    public static Path restamped(Path jar, Path copy, Consumer<Attributes> change) throws IOException {
        try (var from = new JarFile(jar.toFile())) {
            var manifest = new Manifest(from.getManifest());
            change.accept(manifest.getMainAttributes());
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
}
