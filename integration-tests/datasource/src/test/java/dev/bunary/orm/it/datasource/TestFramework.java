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

/** A bare framework with our bundles, HikariCP and H2's own bundle. */
final class TestFramework extends BareFramework {
    Bundle driver;
    Bundle h2;

    private TestFramework(Path folder, Path configuration) throws BundleException {
        super(
                folder,
                Map.of(
                        "org.osgi.framework.system.packages.extra", Probe.class.getPackageName(),
                        "bunary.orm.config", configuration.toString()));
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
        for (Path library : List.of(
                Jars.SERVICE_LOADER,
                Jars.SLF4J,
                Jars.SLF4J_PROVIDER,
                Jars.HIKARI,
                Jars.JDBC_SERVICE,
                Jars.DRIVER_API,
                Jars.JDBC,
                Jars.CORE)) {
            install(library);
        }
        driver = install(Jars.DRIVER);
        install(Jars.consumer(folder));
        h2 = install(Jars.H2);
    }

    /** The consumer's probe, as soon as it is there. */
    Probe probe() {
        return service(Probe.class);
    }
}
