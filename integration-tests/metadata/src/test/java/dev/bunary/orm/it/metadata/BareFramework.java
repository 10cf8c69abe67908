package dev.bunary.orm.it.metadata;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** A started framework with nothing in it. Closing stops it. */
final class BareFramework implements AutoCloseable {
    private static final long STOP_LIMIT_MILLIS = 20_000;

    private final Framework framework;

    BareFramework(Path storage) throws BundleException {
        framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(Map.of(
                        "org.osgi.framework.storage",
                        storage.toString(),
                        "org.osgi.framework.storage.clean",
                        "onFirstInit"));
        framework.start();
    }

    Bundle install(Path jar) throws BundleException, IOException {
        try (InputStream in = Files.newInputStream(jar)) {
            return framework.getBundleContext().installBundle(jar.getFileName().toString(), in);
        }
    }

    @Override
    public void close() throws BundleException {
        framework.stop();
        try {
            framework.waitForStop(STOP_LIMIT_MILLIS);
        } catch (InterruptedException interrupt) {
            throw new AssertionError("interrupted while the framework stopped", interrupt);
        }
    }
}
