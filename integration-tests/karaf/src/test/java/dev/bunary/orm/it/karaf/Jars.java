package dev.bunary.orm.it.karaf;

import dev.bunary.orm.it.framework.BundleJar;
import dev.bunary.orm.it.karaf.probe.ProbeActivator;
import java.io.IOException;
import java.nio.file.Path;

/** Jars of the repository that Karaf may take from, copies of them as other versions, and the probe's bundle. */
final class Jars {
    static final Path REPOSITORY = Path.of(System.getProperty("repository"));
    static final String VERSION = System.getProperty("project.version");

    private Jars() {}

    /** One of our jars. */
    static Path ours(String artifact) {
        return REPOSITORY
                .resolve("dev/bunary")
                .resolve(artifact)
                .resolve(VERSION)
                .resolve(artifact + "-" + VERSION + ".jar");
    }

    /** The SQLite driver with another {@code Bundle-Version}. */
    static Path driver(String version, Path folder) throws IOException {
        return BundleJar.restamped(ours("bunary-orm-driver-sqlite"), version, folder);
    }

    /** The bundle with the shell commands of scope {@code probe}. */
    static Path probe(Path folder) throws IOException {
        return BundleJar.of(
                folder,
                ProbeActivator.class,
                "dev.bunary.orm",
                "dev.bunary.orm.driver",
                "dev.bunary.orm.query",
                "dev.bunary.orm.soak",
                "dev.bunary.orm.swap",
                "org.osgi.framework",
                "org.osgi.framework.wiring");
    }
}
