package dev.bunary.orm.it.datasource;

import dev.bunary.orm.it.datasource.probe.Probe;
import dev.bunary.orm.it.framework.BareFramework;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** A bare framework with our bundles, HikariCP and H2's own bundle. */
final class TestFramework extends BareFramework {
    /**
     * What slf4j-api asks for, so that it resolves without a provider and logs nothing. Aries SPI Fly, which would find a
     * provider, cannot read the classes of Java 25.
     */
    private static final String SLF4J_NEEDS =
            "osgi.extender;osgi.extender=\"osgi.serviceloader.processor\";version:Version=\"1.0\","
                    + "osgi.serviceloader;osgi.serviceloader=\"org.slf4j.spi.SLF4JServiceProvider\"";

    Bundle driver;
    Bundle h2;

    private TestFramework(Path folder, Path configuration) throws BundleException {
        super(
                folder,
                Map.of(
                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                        Probe.class.getPackageName(),
                        Constants.FRAMEWORK_SYSTEMCAPABILITIES_EXTRA,
                        SLF4J_NEEDS,
                        "bunary.orm.config",
                        configuration.toString()));
    }

    /** Starts a framework and all bundles in it, with a configuration file of these lines. */
    static TestFramework start(Path folder, String... configuration) throws IOException, BundleException {
        Path file = folder.resolve("orm.properties");
        Files.write(file, List.of(configuration));
        var framework = new TestFramework(folder, file);
        try {
            framework.installAll(folder);
            framework.startAll();
        } catch (IOException | BundleException failure) {
            framework.close();
            throw failure;
        }
        return framework;
    }

    private void installAll(Path folder) throws IOException, BundleException {
        for (Path library :
                List.of(Jars.SLF4J, Jars.HIKARI, Jars.JDBC_SERVICE, Jars.DRIVER_API, Jars.JDBC, Jars.CORE)) {
            install(library);
        }
        driver = install(Jars.DRIVER);
        install(Jars.consumer(folder));
        h2 = install(Jars.H2);
    }

    /** What our driver's bundle has announced. */
    List<ServiceReference<?>> announced() throws InvalidSyntaxException {
        return List.of(context().getAllServiceReferences("dev.bunary.orm.driver.DriverFactory", null));
    }

    /** The consumer's probe, as soon as it is there. */
    Probe probe() {
        return service(Probe.class);
    }
}
