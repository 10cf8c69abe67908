package dev.bunary.orm.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/**
 * The swaps of a soak, one after the other. What can be prepared, such as a jar, is prepared before a swap is handed out,
 * so that it does not count as a part of the swap. After each, another driver serves.
 */
final class SoakSwaps implements Supplier<Map.Entry<String, Runnable>> {
    private static final int LEAST_BUSY_TIMEOUT = 5_000;
    private static final int TURNS = 2;

    private final SwapMode mode;
    private final ConsumerFramework consumer;
    private final EmbeddedFramework framework;
    private final Layout layout;
    private final DriverReleases releases;
    private final OldLoaders loaders;
    private final RandomGenerator random;
    private int released;
    private int tuned;
    private int turned;
    private boolean otherLibrary;
    private @Nullable RankedPair pair;
    private @Nullable Path jar;

    SoakSwaps(SwapMode mode, ConsumerFramework consumer, Path folder, OldLoaders loaders, RandomGenerator random) {
        this.mode = mode;
        this.consumer = consumer;
        this.framework = consumer.framework();
        this.layout = Layout.ofThisProcess();
        this.releases = new DriverReleases(layout.driver(), folder);
        this.loaders = loaders;
        this.random = random;
    }

    @Override
    public Map.Entry<String, Runnable> get() {
        loaders.note();
        try {
            dropLastJar();
            return next();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Map.Entry<String, Runnable> next() throws IOException {
        if (pair != null) {
            return ofTwo(pair);
        }
        return switch (mode == SwapMode.MIXED ? SwapMode.pick(random) : mode) {
            case UPDATE -> update();
            case RESTART -> swap("stop and start the driver bundle", this::restart);
            case REINSTALL -> reinstall();
            case RANK -> second();
            case CONFIG -> tune();
            case LIBRARY -> library();
            case MIXED -> throw new IllegalStateException("a mix of mixes");
        };
    }

    /** No bundle is wired to a driver, so the framework lets go of the old one without a refresh. */
    private Map.Entry<String, Runnable> update() throws IOException {
        Path newer = nextJar();
        return swap("update the driver bundle", () -> {
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
        return swap("uninstall the driver bundle and install a new version", () -> {
            driver().uninstall();
            framework.install(newer).start();
        });
    }

    private Map.Entry<String, Runnable> tune() {
        int millis = LEAST_BUSY_TIMEOUT + ++tuned;
        return swap("set busyTimeout to " + millis, () -> consumer.call("tune", Map.of("busyTimeout", millis)));
    }

    private Map.Entry<String, Runnable> library() {
        otherLibrary = !otherLibrary;
        Path library = otherLibrary ? layout.otherSqlite() : layout.sqlite();
        return swap(
                "replace the sqlite-jdbc bundle",
                () -> new Replacement(framework).replace(framework.bundle(DemoSwaps.SQLITE), library));
    }

    // ---- two driver bundles

    private Map.Entry<String, Runnable> second() throws IOException {
        Path newer = nextJar();
        return swap("install a second driver bundle", () -> pair = RankedPair.install(framework, driver(), newer));
    }

    private Map.Entry<String, Runnable> ofTwo(RankedPair two) {
        if (mode == SwapMode.MIXED && turned == TURNS) {
            turned = 0;
            return swap("uninstall the second driver bundle", () -> {
                two.uninstall();
                pair = null;
            });
        }
        turned++;
        return swap(two.firstServes() ? "rank the first driver lower" : "rank the first driver higher", two::turn);
    }

    // ---- parts

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

    private static Map.Entry<String, Runnable> swap(String name, SwapStep step) {
        return Map.entry(name, SwapStep.runnable(step));
    }
}
