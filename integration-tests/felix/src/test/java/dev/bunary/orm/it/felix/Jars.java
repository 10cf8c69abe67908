package dev.bunary.orm.it.felix;

import dev.bunary.orm.it.felix.bad.BadActivator;
import dev.bunary.orm.it.felix.broken.BrokenActivator;
import dev.bunary.orm.it.felix.configuration.ConfigurationActivator;
import dev.bunary.orm.it.felix.consumer.ConsumerActivator;
import dev.bunary.orm.it.felix.eager.EagerActivator;
import dev.bunary.orm.it.felix.guest.GuestActivator;
import dev.bunary.orm.it.felix.nested.NestedActivator;
import dev.bunary.orm.it.felix.other.OtherActivator;
import dev.bunary.orm.it.felix.probe.Guest;
import dev.bunary.orm.it.felix.probe.Probe;
import dev.bunary.orm.it.felix.vault.VaultActivator;
import dev.bunary.orm.it.framework.BundleJar;
import java.io.IOException;
import java.nio.file.Path;
import org.osgi.framework.Constants;

/** The shipped jars, and small bundles of this module's own classes. */
final class Jars {
    private static final Path FOLDER = Path.of(System.getProperty("jars"));
    static final Path DRIVER_API = FOLDER.resolve("bunary-orm-driver-api.jar");
    static final Path CORE = FOLDER.resolve("bunary-orm.jar");
    static final Path JDBC = FOLDER.resolve("bunary-orm-jdbc.jar");
    static final Path SQLITE_DRIVER = FOLDER.resolve("bunary-orm-driver-sqlite.jar");
    static final Path SOAK = FOLDER.resolve("bunary-orm-soak.jar");
    static final Path SQLITE_JDBC = FOLDER.resolve("sqlite-jdbc.jar");
    static final Path SQLITE_JDBC_PREVIOUS = FOLDER.resolve("sqlite-jdbc-previous.jar");

    private Jars() {}

    /** The bundle that takes the {@code Orm} service and offers a probe. */
    static Path consumer(Path folder) throws IOException {
        return BundleJar.of(
                folder,
                ConsumerActivator.class,
                "dev.bunary.orm",
                "dev.bunary.orm.driver",
                "dev.bunary.orm.query",
                "dev.bunary.orm.soak",
                "dev.bunary.orm.swap",
                Probe.class.getPackageName(),
                "org.osgi.framework",
                "org.osgi.util.tracker");
    }

    /** The bundle with someone else's driver for type sqlite. */
    static Path otherDriver(Path folder) throws IOException {
        return BundleJar.of(folder, OtherActivator.class, "dev.bunary.orm.driver", "org.osgi.framework");
    }

    /** The bundle whose factories are announced wrongly. */
    static Path broken(Path folder) throws IOException {
        return BundleJar.of(folder, BrokenActivator.class, "dev.bunary.orm.driver", "org.osgi.framework");
    }

    /** The bundle whose factory fails in that way. */
    static Path bad(Path folder, String way) throws IOException {
        Path bad = BundleJar.of(folder, BadActivator.class, "dev.bunary.orm.driver", "org.osgi.framework");
        return BundleJar.restamped(
                bad, folder.resolve(way + "-bad.jar"), headers -> headers.putValue(BadActivator.WAY, way));
    }

    /** The bundle that starts another one within its own start. */
    static Path nested(Path folder) throws IOException {
        return BundleJar.of(
                folder,
                NestedActivator.class,
                "dev.bunary.orm",
                "dev.bunary.orm.driver",
                "dev.bunary.orm.query",
                "org.osgi.framework");
    }

    /** The bundle with a driver that has a password. */
    static Path vault(Path folder) throws IOException {
        return BundleJar.of(folder, VaultActivator.class, "dev.bunary.orm.driver", "org.osgi.framework");
    }

    /** The bundle that configures the ORM by code. */
    static Path configuration(Path folder) throws IOException {
        return BundleJar.of(
                folder, ConfigurationActivator.class, "dev.bunary.orm", "dev.bunary.orm.driver", "org.osgi.framework");
    }

    /** The bundle that runs a {@code Runnable} service inside its start. */
    static Path eager(Path folder) throws IOException {
        return BundleJar.of(folder, EagerActivator.class, "org.osgi.framework");
    }

    /** A bundle that leaves behind what it gets, under a name of its own. */
    static Path guest(Path folder, String name) throws IOException {
        Path guest = BundleJar.of(
                folder,
                GuestActivator.class,
                "dev.bunary.orm",
                "dev.bunary.orm.driver",
                "dev.bunary.orm.query",
                "dev.bunary.orm.swap",
                Guest.class.getPackageName(),
                "org.osgi.framework");
        return BundleJar.restamped(
                guest,
                folder.resolve(name + "-guest.jar"),
                headers -> headers.putValue(Constants.BUNDLE_SYMBOLICNAME, "dev.bunary.orm.it.felix." + name));
    }
}
