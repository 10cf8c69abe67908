package dev.bunary.orm.launcher;

import java.io.IOException;
import java.nio.file.Path;
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
