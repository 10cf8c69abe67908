package dev.bunary.orm.layer;

import dev.bunary.orm.driver.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** What is inside a jar. */
final class JarContent {
    private JarContent() {}

    /** Reads a jar to its end, which checks the sums of its entries, and its signature if it has one. */
    static void requireWhole(Path jar) {
        try (var file = new JarFile(jar.toFile())) {
            for (JarEntry entry : Collections.list(file.entries())) {
                try (InputStream content = file.getInputStream(entry)) {
                    content.transferTo(OutputStream.nullOutputStream());
                }
            }
        } catch (IOException | SecurityException broken) {
            throw new ConfigurationException(
                    "driver jar '" + jar.getFileName() + "' is broken or half copied (" + broken.getMessage()
                            + "); copy it again",
                    broken);
        }
    }
}
