package dev.bunary.orm.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/** Copies a bundle under another version, as if its author had released it again. */
final class Restamp {
    private Restamp() {}

    /** Writes the copy; all entries but the manifest's Bundle-Version are those of the source. */
    static Path write(Path source, Version version, Path target) throws IOException {
        try (var jar = new JarFile(source.toFile())) {
            var manifest = new Manifest(jar.getManifest());
            manifest.getMainAttributes().putValue(Constants.BUNDLE_VERSION, version.toString());
            try (var copy = new JarOutputStream(Files.newOutputStream(target), manifest)) {
                for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
                    if (!entry.getName().equalsIgnoreCase(JarFile.MANIFEST_NAME)) {
                        copy(jar, entry, copy);
                    }
                }
            }
        }
        return target;
    }

    private static void copy(JarFile jar, JarEntry entry, JarOutputStream copy) throws IOException {
        var plain = new JarEntry(entry.getName());
        plain.setTime(entry.getTime());
        copy.putNextEntry(plain);
        try (var content = jar.getInputStream(entry)) {
            content.transferTo(copy);
        }
        copy.closeEntry();
    }
}
