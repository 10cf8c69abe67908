package dev.bunary.orm.layer;

import dev.bunary.orm.driver.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The jars that a caller names. */
final class DriverJars {
    private DriverJars() {}

    /** The jar itself, or the jars directly in the folder, by name. */
    static List<Path> at(Path jarOrFolder) {
        if (Files.isRegularFile(jarOrFolder)) {
            return List.of(jarOrFolder);
        }
        if (!Files.isDirectory(jarOrFolder)) {
            throw new ConfigurationException(
                    "driver path '" + jarOrFolder + "' does not exist; name a jar or a folder of jars");
        }
        List<Path> jars = in(jarOrFolder);
        if (jars.isEmpty()) {
            throw new ConfigurationException("driver folder '" + jarOrFolder
                    + "' holds no jar; put the driver's jar and those it needs directly into it");
        }
        return jars;
    }

    /** The jars directly in a folder, by name. */
    static List<Path> in(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(DriverJars::isJar)
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException error) {
            throw new ConfigurationException("driver folder '" + folder + "' cannot be read: " + error, error);
        }
    }

    private static boolean isJar(Path file) {
        return file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".jar");
    }
}
