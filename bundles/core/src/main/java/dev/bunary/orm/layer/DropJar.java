package dev.bunary.orm.layer;

import java.io.IOException;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor.Version;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * A jar in a drop-in folder that could be read.
 *
 * @param path where it is
 * @param stamp what it was when it was read
 * @param module its module
 * @param version the module's version or else the manifest's, if one has any
 */
record DropJar(Path path, Stamp stamp, ModuleReference module, Optional<Version> version) {
    /** Newest last: by version, none is the lowest; then by time; then by name, so that the choice is always the same. */
    static final Comparator<DropJar> BY_AGE = Comparator.<DropJar, Boolean>comparing(jar -> jar.version.isPresent())
            .thenComparing((a, b) -> a.version.isPresent() && b.version.isPresent()
                    ? a.version.get().compareTo(b.version.get())
                    : 0)
            .thenComparing(jar -> jar.stamp.modified())
            .thenComparing(DropJar::path);

    /**
     * What tells a file from its next form without reading it.
     *
     * @param size bytes
     * @param modified time of the last change
     * @param key the file system's own identity of the file, empty if it has none
     */
    record Stamp(long size, FileTime modified, String key) {
        static Stamp of(Path file) throws IOException {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(
                    attributes.size(),
                    attributes.lastModifiedTime(),
                    attributes.fileKey() == null ? "" : attributes.fileKey().toString());
        }
    }

    /**
     * Reads a jar's module.
     *
     * @throws IOException if it is no jar, or not whole
     * @throws FindException if it has no module and no name that could be one
     */
    static DropJar read(Path path, Stamp stamp) throws IOException {
        try (var file = new JarFile(path.toFile())) {
            Manifest manifest = file.getManifest();
            ModuleReference module = ModuleFinder.of(path).findAll().stream()
                    .findFirst()
                    .orElseThrow(() -> new FindException("it is no module"));
            Optional<String> version = module.descriptor()
                    .rawVersion()
                    .or(() -> Optional.ofNullable(manifest).flatMap(DropJar::versionIn));
            return new DropJar(path, stamp, module, version.flatMap(DropJar::parsed));
        }
    }

    String name() {
        return module.descriptor().name();
    }

    private static Optional<String> versionIn(Manifest manifest) {
        Attributes attributes = manifest.getMainAttributes();
        return Optional.ofNullable(attributes.getValue("Bundle-Version"))
                .or(() -> Optional.ofNullable(attributes.getValue(Attributes.Name.IMPLEMENTATION_VERSION)));
    }

    private static Optional<Version> parsed(String version) {
        try {
            return Optional.of(Version.parse(version));
        } catch (IllegalArgumentException free) { // any text is allowed there
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return path.getFileName() + version.map(known -> " (" + known + ")").orElse("");
    }
}
