package dev.bunary.orm.it.felix;

import dev.bunary.orm.it.felix.probe.Guest;
import dev.bunary.orm.it.felix.probe.Probe;
import dev.bunary.orm.it.framework.BareFramework;
import dev.bunary.orm.it.framework.BundleJar;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;

/** A bare framework, configured for one SQLite file. */
final class TestFramework extends BareFramework {
    private final Path folder;

    /** Bundles are named for what they are; {@link #installAll} installs them. */
    Bundle core;

    Bundle driver;
    Bundle sqlite;
    Bundle consumer;

    private TestFramework(Path folder, Map<String, String> properties) throws BundleException {
        super(folder, withProbe(properties));
        this.folder = folder;
    }

    private static Map<String, String> withProbe(Map<String, String> properties) {
        var all = new HashMap<>(properties);
        all.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, Probe.class.getPackageName());
        return all;
    }

    /** Starts a framework whose configuration names {@code app.sqlite} in a folder, and what else is asked for. */
    static TestFramework start(Path folder, String... moreConfiguration) throws IOException, BundleException {
        Path configuration = folder.resolve("orm.properties");
        Files.writeString(
                configuration,
                "connection.default.type=sqlite\nconnection.default.path=" + database(folder) + "\n"
                        + String.join("\n", moreConfiguration) + "\n");
        return new TestFramework(folder, Map.of("bunary.orm.config", configuration.toString()));
    }

    /** A driver bundle that announces nothing by itself: the test does, and may change the ranking. */
    ServiceRegistration<?> installRanked(String version, int ranking) throws Exception {
        return announce(installSilent(version), ranking(ranking));
    }

    /** Announces a factory in the name of a silent driver bundle. */
    static ServiceRegistration<?> announce(Bundle silent, Dictionary<String, ?> properties) throws Exception {
        return silent.getBundleContext()
                .registerService("dev.bunary.orm.driver.DriverFactory", factory(silent), properties);
    }

    /** A factory of a silent driver bundle's classes. */
    static Object factory(Bundle silent) throws Exception {
        return silent.loadClass("dev.bunary.orm.driver.sqlite.SqliteDriverFactory")
                .getConstructor()
                .newInstance();
    }

    /** A driver bundle that announces nothing by itself. */
    Bundle installSilent(String version) throws Exception {
        Path silent = BundleJar.restamped(Jars.SQLITE_DRIVER, folder.resolve(version + "-silent.jar"), headers -> {
            headers.putValue(Constants.BUNDLE_VERSION, version);
            headers.remove(new Attributes.Name(Constants.BUNDLE_ACTIVATOR));
        });
        return installAndStart(silent);
    }

    static Dictionary<String, Object> ranking(int ranking) {
        return new Hashtable<>(Map.of(Constants.SERVICE_RANKING, ranking));
    }

    /** Starts a framework without a configuration; {@code bunary.test.database} names the file for who brings one. */
    static TestFramework startUnconfigured(Path folder) throws BundleException {
        return new TestFramework(folder, Map.of("bunary.test.database", database(folder)));
    }

    /** The file of the default connection. */
    static String database(Path folder) {
        return folder.resolve("app.sqlite").toString().replace('\\', '/');
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

    /** What sqlite-jdbc and the driver have unpacked in this process and not deleted. */
    static List<Path> unpackedFiles() throws IOException {
        var start = FileTime.fromMillis(ManagementFactory.getRuntimeMXBean().getStartTime());
        var left = new ArrayList<Path>();
        try (var files =
                Files.newDirectoryStream(Path.of(System.getProperty("java.io.tmpdir")), "{sqlite,bunary-sqlite}*")) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).compareTo(start) >= 0) { // another may have been killed
                    left.add(file);
                }
            }
        }
        return left;
    }

    /** The consumer's probe, as soon as it is there. */
    Probe probe() {
        return service(Probe.class);
    }

    /** What a started guest offers. */
    Guest guest(Bundle bundle) {
        return (Guest) context().getService(bundle.getRegisteredServices()[0]);
    }

    boolean hasProbe() {
        return has(Probe.class);
    }
}
