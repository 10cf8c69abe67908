package dev.bunary.orm.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** Writes the configuration file that core reads, for a framework whose connection the launcher decides. */
final class ConnectionFile {
    /** The framework property that names the file; core reads it when it starts. */
    static final String PROPERTY = "bunary.orm.config";

    private ConnectionFile() {}

    /** Writes a file with one connection, named default. */
    static Path write(Path file, String type, Map<String, String> properties) throws IOException {
        var lines = new Properties();
        lines.setProperty("connection.default.type", type);
        new TreeMap<>(properties).forEach((name, value) -> lines.setProperty("connection.default." + name, value));
        try (var out = Files.newBufferedWriter(file)) {
            lines.store(out, null);
        }
        return file;
    }
}
