package dev.bunary.orm.it.felix;

import dev.bunary.orm.it.felix.probe.Guest;
import dev.bunary.orm.it.felix.probe.Probe;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * A bare framework, whichever is on the class path, configured for one SQLite file. Each test has its own; closing stops
 * it.
 */
final class TestFramework implements AutoCloseable {
    private static final long LIMIT_SECONDS = 30;

    private final Path folder;
    private final Framework framework;
    private int installed;

    /** Bundles are named for what they are; {@link #installAll} installs them. */
    Bundle core;

    Bundle driver;
    Bundle sqlite;
    Bundle consumer;

    private TestFramework(Path folder, Framework framework) {
        this.folder = folder;
        this.framework = framework;
    }

    /** Starts a framework whose configuration names {@code app.sqlite} in a folder and has short time-outs. */
    static TestFramework start(Path folder, String... moreConfiguration) throws IOException, BundleException {
        Path configuration = folder.resolve("orm.properties");
        String database = folder.resolve("app.sqlite").toString().replace('\\', '/');
        Files.writeString(
                configuration,
                "connection.default.type=sqlite\nconnection.default.path=" + database + "\n"
                        + String.join("\n", moreConfiguration) + "\n");
        return start(folder, Map.of("bunary.orm.config", configuration.toString()));
    }

    /** Starts a framework whose bundles have to configure what they use. */
    static TestFramework startUnconfigured(Path folder) throws BundleException {
        return start(folder, Map.of());
    }

    private static TestFramework start(Path folder, Map<String, String> moreProperties) throws BundleException {
        var properties = new HashMap<>(moreProperties);
        properties.put("org.osgi.framework.storage", folder.resolve("bundles").toString());
        properties.put("org.osgi.framework.storage.clean", "onFirstInit");
        properties.put("org.osgi.framework.system.packages.extra", Probe.class.getPackageName());
        Framework framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(properties);
        framework.start();
        return new TestFramework(folder, framework);
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

    /** Starts every bundle in the order of its installation. */
    void startAll() throws BundleException {
        for (Bundle bundle : bundles()) {
            bundle.start();
        }
    }

    /** The bundles without the framework's own. */
    List<Bundle> bundles() {
        return List.of(framework.getBundleContext().getBundles()).stream()
                .filter(bundle -> bundle.getBundleId() != 0)
                .toList();
    }

    Bundle install(Path jar) throws BundleException, IOException {
        try (InputStream in = Files.newInputStream(jar)) {
            return framework.getBundleContext().installBundle("test:" + installed++ + "/" + jar.getFileName(), in);
        }
    }

    Bundle installAndStart(Path jar) throws BundleException, IOException {
        Bundle bundle = install(jar);
        bundle.start();
        return bundle;
    }

    void update(Bundle bundle, Path jar) throws BundleException, IOException {
        try (InputStream in = Files.newInputStream(jar)) {
            bundle.update(in);
        }
    }

    /** The shipped driver as another version. */
    Path driverAs(String version) throws IOException {
        return Jars.restamped(Jars.SQLITE_DRIVER, version, folder);
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

    void refresh(Collection<Bundle> bundles) throws InterruptedException {
        var refreshed = new CountDownLatch(1);
        framework.adapt(FrameworkWiring.class).refreshBundles(bundles, event -> {
            if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                refreshed.countDown();
            }
        });
        if (!refreshed.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("no PACKAGES_REFRESHED within " + LIMIT_SECONDS + " s");
        }
    }

    /** The consumer's probe, as soon as it is there. */
    Probe probe() {
        BundleContext context = framework.getBundleContext();
        Await.until(() -> context.getServiceReference(Probe.class) != null, () -> "no probe; bundles: " + bundles());
        ServiceReference<Probe> reference = context.getServiceReference(Probe.class);
        return context.getService(reference);
    }

    /** What a started guest offers. */
    Guest guest(Bundle bundle) {
        ServiceReference<?> offered = bundle.getRegisteredServices()[0];
        return (Guest) framework.getBundleContext().getService(offered);
    }

    /** Registers a service on behalf of the framework. */
    <S> void register(Class<S> type, S service) {
        framework.getBundleContext().registerService(type, service, null);
    }

    boolean hasProbe() {
        return framework.getBundleContext().getServiceReference(Probe.class) != null;
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() throws BundleException {
        framework.stop();
        try {
            FrameworkEvent event = framework.waitForStop(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
            if (event.getType() != FrameworkEvent.STOPPED) {
                throw new AssertionError("the framework did not stop: event " + event.getType(), event.getThrowable());
            }
        } catch (InterruptedException interrupt) {
            throw new AssertionError("interrupted while the framework stopped", interrupt);
        }
    }
}
