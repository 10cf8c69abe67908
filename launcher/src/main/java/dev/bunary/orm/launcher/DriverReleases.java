package dev.bunary.orm.launcher;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.spi.ToolProvider;
import org.osgi.framework.Version;

/**
 * Later releases of the SQLite driver: its jar, re-stamped.
 *
 * @param shipped the driver's jar
 * @param folder takes the re-stamped ones
 */
record DriverReleases(Path shipped, Path folder) {

    /** The driver as that many releases later; each has a file name of its own. */
    Path later(int releases) throws IOException {
        return Restamp.write(shipped, version(releases), folder.resolve(name(releases)));
    }

    /** The same for module layers, which show the version of the module and not of the bundle. */
    Path laterModule(int releases) throws IOException {
        Path jar = later(releases);
        var told = new StringWriter();
        var writer = new PrintWriter(told);
        int exit = ToolProvider.findFirst("jar")
                .orElseThrow(() -> new LauncherException("this Java has no jar tool; use a JDK"))
                .run(
                        writer,
                        writer,
                        "--update",
                        "--file",
                        jar.toString(),
                        "--module-version",
                        version(releases).toString());
        if (exit != 0) {
            throw new LauncherException(jar + " cannot be given another version: " + told);
        }
        return jar;
    }

    static String name(int releases) {
        return "driver-" + releases + ".jar";
    }

    private Version version(int releases) {
        try {
            Version first = BundleJar.read(shipped).version();
            return new Version(first.getMajor(), first.getMinor(), first.getMicro() + releases);
        } catch (RejectedJarException broken) {
            throw new LauncherException(shipped + ": " + broken.getMessage() + "; build again", broken);
        }
    }
}
