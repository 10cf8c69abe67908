package dev.bunary.orm.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/** Swaps of the driver as a bundle in Felix, and of the sqlite-jdbc bundle. */
final class BundleSwaps implements DriverSwaps {
    private static final Set<String> NAMES = Set.of(DemoSwaps.DRIVER, DemoSwaps.SQLITE);
    private static final int LEAST_BUSY_TIMEOUT = 5_000;

    private final ConsumerFramework consumer;
    private final EmbeddedFramework framework;
    private final Layout layout;
    private final DriverReleases releases;
    private int released;
    private int tuned;
    private boolean otherLibrary;
    private @Nullable Path jar;

    /** The folder takes re-stamped jars. */
    BundleSwaps(ConsumerFramework consumer, Path folder) {
        this.consumer = consumer;
        this.framework = consumer.framework();
        this.layout = Layout.ofThisProcess();
        this.releases = new DriverReleases(layout.driver(), folder);
    }

    @Override
    public List<Map.Entry<String, Runnable>> prepare(SwapMode mode) throws IOException {
        dropLastJar();
        return switch (mode) {
            case UPDATE -> List.of(update());
            case RESTART -> List.of(DriverSwaps.swap("stop and start the driver bundle", this::restart));
            case REINSTALL -> List.of(reinstall());
            case RANK -> rank();
            case CONFIG -> List.of(tune());
            case LIBRARY -> List.of(library());
            case MIXED -> throw new IllegalArgumentException("a mix is made of the others");
        };
    }

    @Override
    public Map<ClassLoader, String> loaders() {
        return framework.loaders(NAMES);
    }

    /** A bundle that is only started again keeps its loader (OSGi Core 4.4.8). */
    @Override
    public boolean replacesLoaders(SwapMode mode) {
        return mode != SwapMode.RESTART && mode != SwapMode.CONFIG;
    }

    /** No bundle is wired to a driver, so the framework lets go of the old one without a refresh. */
    private Map.Entry<String, Runnable> update() throws IOException {
        Path newer = nextJar();
        return DriverSwaps.swap("update the driver bundle", () -> {
            try (InputStream content = Files.newInputStream(newer)) {
                driver().update(content);
            }
        });
    }

    private void restart() throws BundleException {
        Bundle driver = driver();
        driver.stop();
        driver.start();
    }

    private Map.Entry<String, Runnable> reinstall() throws IOException {
        Path newer = nextJar();
        return DriverSwaps.swap("uninstall the driver bundle and install a new version", () -> {
            driver().uninstall();
            framework.install(newer).start();
        });
    }

    /** With two driver bundles, which take turns. */
    private List<Map.Entry<String, Runnable>> rank() throws IOException {
        Path newer = nextJar();
        var pair = new AtomicReference<RankedPair>();
        return List.of(
                DriverSwaps.swap(
                        "install a second driver bundle",
                        () -> pair.set(RankedPair.install(framework, driver(), newer))),
                DriverSwaps.swap(
                        "rank the first driver higher", () -> pair.get().turn()),
                DriverSwaps.swap("rank the first driver lower", () -> pair.get().turn()),
                DriverSwaps.swap(
                        "uninstall the second driver bundle", () -> pair.get().uninstall()));
    }

    private Map.Entry<String, Runnable> tune() {
        int millis = LEAST_BUSY_TIMEOUT + ++tuned;
        return DriverSwaps.swap(
                "change busyTimeout of the connection", () -> consumer.call("tune", Map.of("busyTimeout", millis)));
    }

    private Map.Entry<String, Runnable> library() {
        otherLibrary = !otherLibrary;
        Path library = otherLibrary ? layout.otherSqlite() : layout.sqlite();
        return DriverSwaps.swap(
                "replace the sqlite-jdbc bundle",
                () -> new Replacement(framework).replace(framework.bundle(DemoSwaps.SQLITE), library));
    }

    private Bundle driver() {
        return framework.bundle(DemoSwaps.DRIVER);
    }

    private Path nextJar() throws IOException {
        Path next = releases.later(++released);
        jar = next;
        return next;
    }

    /** The framework has a copy of its own. */
    private void dropLastJar() throws IOException {
        if (jar != null) {
            Files.delete(jar);
            jar = null;
        }
    }
}
