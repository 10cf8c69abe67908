package dev.bunary.orm.layer;

import dev.bunary.orm.driver.DriverFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Jars with automatic modules, which need no compiler. */
final class JarFiles {
    private JarFiles() {}

    /** A module with nothing in it but a version in its manifest. */
    static Path library(Path jar, String module, String version) throws IOException {
        return write(jar, module, version, false);
    }

    /** A module that announces a factory. */
    static Path driver(Path jar, String module, String version) throws IOException {
        return write(jar, module, version, true);
    }

    private static Path write(Path jar, String module, String version, boolean driver) throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Automatic-Module-Name", module);
        manifest.getMainAttributes().putValue("Bundle-Version", version);
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            entry(out, module.replace('.', '/') + "/Factory.class", "not looked at before it is loaded");
            if (driver) {
                entry(out, "META-INF/services/" + DriverFactory.class.getName(), module + ".Factory");
            }
        }
        return jar;
    }

    private static void entry(JarOutputStream out, String name, String content) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(content.getBytes(StandardCharsets.UTF_8));
        out.closeEntry();
    }
}
