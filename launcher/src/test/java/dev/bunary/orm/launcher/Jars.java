package dev.bunary.orm.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Writes small bundles. */
final class Jars {
    private Jars() {}

    /** A bundle with headers, and content that does not compress, so that it can be cut anywhere. */
    static Path bundle(Path file, String symbolicName, String version, Map<String, String> headers) throws IOException {
        var manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.putValue("Manifest-Version", "1.0");
        attributes.putValue("Bundle-ManifestVersion", "2");
        attributes.putValue("Bundle-SymbolicName", symbolicName);
        attributes.putValue("Bundle-Version", version);
        headers.forEach(attributes::putValue);
        return jar(file, manifest);
    }

    static Path bundle(Path file, String symbolicName, String version) throws IOException {
        return bundle(file, symbolicName, version, Map.of());
    }

    static Path jar(Path file, Manifest manifest) throws IOException {
        try (var jar = new JarOutputStream(Files.newOutputStream(file), manifest)) {
            jar.putNextEntry(new JarEntry("content.bin"));
            byte[] content = new byte[20_000];
            new Random(7).nextBytes(content);
            jar.write(content);
            jar.closeEntry();
        }
        return file;
    }

    /** Cuts a file off, as a copy does that is not done. */
    static Path truncate(Path file, double share) throws IOException {
        byte[] content = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(content, (int) (content.length * share)));
        return file;
    }
}
