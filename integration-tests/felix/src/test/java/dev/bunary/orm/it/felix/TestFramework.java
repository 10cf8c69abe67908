package dev.bunary.orm.it.felix;

import dev.bunary.orm.it.felix.probe.Probe;
import dev.bunary.orm.it.framework.BareFramework;
import dev.bunary.orm.it.framework.BundleJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/** A bare framework, configured for one SQLite file. */
final class TestFramework extends BareFramework {
    private final Path folder;

    /** Bundles are named for what they are; {@link #installAll} installs them. */
    Bundle core;

    Bundle driver;
    Bundle sqlite;
    Bundle consumer;

    private TestFramework(Path folder, Path configuration) throws BundleException {
        super(
                folder,
                Map.of(
                        "org.osgi.framework.system.packages.extra", Probe.class.getPackageName(),
                        "bunary.orm.config", configuration.toString()));
        this.folder = folder;
    }

    /** Starts a framework whose configuration names {@code app.sqlite} in a folder, and what else is asked for. */
    static TestFramework start(Path folder, String... moreConfiguration) throws IOException, BundleException {
        Path configuration = folder.resolve("orm.properties");
        String database = folder.resolve("app.sqlite").toString().replace('\\', '/');
        Files.writeString(
                configuration,
                "connection.default.type=sqlite\nconnection.default.path=" + database + "\n"
                        + String.join("\n", moreConfiguration) + "\n");
        return new TestFramework(folder, configuration);
    }

    /** Installs our bundles, sqlite-jdbc and the consumer; starts none. */
    void installAll() throws BundleException, IOException {
        sqlite = install(Jars.SQLITE_JDBC);
        install(Jars.DRIVER_API);
        install(Jars.JDBC);
        core = install(Jars.CORE);
        driver = install(Jars.SQLITE_DRIVER);
        install(Jars.SOAK);
        consumer = install(Jars.consumer(folder));
    }

    /** The shipped driver as another version. */
    Path driverAs(String version) throws IOException {
        return BundleJar.restamped(Jars.SQLITE_DRIVER, version, folder);
    }

    /**
     * Replaces the sqlite-jdbc bundle as README says. It is a singleton: updated while it is started, its new revision
     * would conflict with the old one, which stays wired until the refresh.
     */
    void replaceSqlite(Path jar) throws BundleException, IOException, InterruptedException {
        driver.stop(Bundle.STOP_TRANSIENT);
        sqlite.stop(Bundle.STOP_TRANSIENT);
        update(sqlite, jar);
        refresh(List.of(sqlite));
        sqlite.start(Bundle.START_TRANSIENT);
        driver.start(Bundle.START_TRANSIENT);
    }

    /** The consumer's probe, as soon as it is there. */
    Probe probe() {
        return service(Probe.class);
    }

    boolean hasProbe() {
        return has(Probe.class);
    }
}
