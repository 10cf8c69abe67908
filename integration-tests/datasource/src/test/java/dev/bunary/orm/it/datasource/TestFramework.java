package dev.bunary.orm.it.datasource;

import dev.bunary.orm.it.datasource.probe.Probe;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** A bare framework with our bundles, HikariCP and H2's own bundle. Each test has its own; closing stops it. */
final class TestFramework implements AutoCloseable {
    private static final long LIMIT_SECONDS = 30;

    /**
     * What slf4j-api asks for, so that it resolves without a provider and logs nothing. Aries SPI Fly, which would find a
     * provider, cannot read the classes of Java 25.
     */
    private static final String SLF4J_NEEDS =
            "osgi.extender;osgi.extender=\"osgi.serviceloader.processor\";version:Version=\"1.0\","
                    + "osgi.serviceloader;osgi.serviceloader=\"org.slf4j.spi.SLF4JServiceProvider\"";

    private final Path folder;
    private final Framework framework;
    private int installed;

    Bundle driver;
    Bundle h2;

    private TestFramework(Path folder, Framework framework) {
        this.folder = folder;
        this.framework = framework;
    }

    /** Starts a framework and all bundles in it, with a configuration file of these lines. */
    static TestFramework start(Path folder, String... configuration) throws IOException, BundleException {
        Path file = folder.resolve("orm.properties");
        Files.write(file, List.of(configuration));
        Framework framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(Map.of(
                        "org.osgi.framework.storage", folder.resolve("bundles").toString(),
                        "org.osgi.framework.storage.clean", "onFirstInit",
                        "org.osgi.framework.system.packages.extra", Probe.class.getPackageName(),
                        "org.osgi.framework.system.capabilities.extra", SLF4J_NEEDS,
                        "bunary.orm.config", file.toString()));
        framework.start();
        var started = new TestFramework(folder, framework);
        try {
            started.installAll();
        } catch (IOException | BundleException failure) {
            started.close();
            throw failure;
        }
        return started;
    }

    private void installAll() throws BundleException, IOException {
        for (Path library :
                List.of(Jars.SLF4J, Jars.HIKARI, Jars.JDBC_SERVICE, Jars.DRIVER_API, Jars.JDBC, Jars.CORE)) {
            install(library);
        }
        driver = install(Jars.DRIVER);
        install(Jars.consumer(folder));
        h2 = install(Jars.H2);
        for (Bundle bundle : framework.getBundleContext().getBundles()) {
            boolean fragment = bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null;
            if (bundle.getBundleId() != 0 && !fragment) {
                bundle.start();
            }
        }
    }

    Bundle install(Path jar) throws BundleException, IOException {
        try (InputStream in = Files.newInputStream(jar)) {
            return framework.getBundleContext().installBundle("test:" + installed++ + "/" + jar.getFileName(), in);
        }
    }

    void update(Bundle bundle, Path jar) throws BundleException, IOException {
        try (InputStream in = Files.newInputStream(jar)) {
            bundle.update(in);
        }
    }

    /** What our driver's bundle has announced. */
    List<ServiceReference<?>> announced() throws InvalidSyntaxException {
        return List.of(
                framework.getBundleContext().getAllServiceReferences("dev.bunary.orm.driver.DriverFactory", null));
    }

    /** The consumer's probe, as soon as it is there. */
    Probe probe() {
        BundleContext context = framework.getBundleContext();
        Await.until(
                () -> context.getServiceReference(Probe.class) != null,
                () -> "no probe; bundles: " + List.of(context.getBundles()));
        ServiceReference<Probe> reference = context.getServiceReference(Probe.class);
        return context.getService(reference);
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
