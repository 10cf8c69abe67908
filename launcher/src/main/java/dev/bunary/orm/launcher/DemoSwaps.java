package dev.bunary.orm.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.osgi.framework.BundleException;
import org.osgi.framework.Version;

/** What the demo does to the driver while the load runs. */
final class DemoSwaps {
    private static final int UPDATES = 5;
    private static final String DRIVER = "dev.bunary.orm.driver.sqlite";
    private static final String SQLITE = "org.xerial.sqlite-jdbc";

    private final EmbeddedFramework framework;
    private final Layout layout;
    private final Path folder;

    /** Swaps in a framework; the folder takes re-stamped jars. */
    DemoSwaps(EmbeddedFramework framework, Layout layout, Path folder) {
        this.framework = framework;
        this.layout = layout;
        this.folder = folder;
    }

    /** Every kind of swap, in order, by the name to show. */
    Map<String, Runnable> all() {
        var swaps = new LinkedHashMap<String, Runnable>();
        for (int i = 1; i <= UPDATES; i++) {
            int micro = i;
            swaps.put("update the driver bundle in place, " + i + " of " + UPDATES, step(() -> updateDriver(micro)));
        }
        swaps.put("install a second driver bundle beside it", step(this::installBeside));
        swaps.put("uninstall the second driver bundle", step(this::uninstallBeside));
        swaps.put("replace the sqlite-jdbc bundle by another version", step(() -> replaceSqlite(layout.otherSqlite())));
        swaps.put("replace the sqlite-jdbc bundle back", step(() -> replaceSqlite(layout.sqlite())));
        return swaps;
    }

    /** One update in place, for a database that is only read. */
    Map<String, Runnable> one() {
        return Map.of("driver bundle updated in place", step(() -> updateDriver(1)));
    }

    /** No bundle is wired to a driver, so the framework lets go of the old one without a refresh. */
    private void updateDriver(int step) throws IOException, BundleException {
        try (InputStream jar = Files.newInputStream(later(step))) {
            framework.bundle(DRIVER).update(jar);
        }
    }

    private void installBeside() throws IOException, BundleException {
        framework.install(later(UPDATES + 1)).start();
    }

    private void uninstallBeside() throws BundleException {
        framework.context().getBundle("bunary:" + laterName(UPDATES + 1)).uninstall();
    }

    private void replaceSqlite(Path jar) throws IOException, BundleException, InterruptedException {
        new Replacement(framework).replace(framework.bundle(SQLITE), jar);
    }

    /** The driver's jar, re-stamped as that many releases later. */
    private Path later(int releases) throws IOException {
        Version shipped;
        try {
            shipped = BundleJar.read(layout.driver()).version();
        } catch (RejectedJarException broken) {
            throw new LauncherException(layout.driver() + ": " + broken.getMessage() + "; build again", broken);
        }
        var version = new Version(shipped.getMajor(), shipped.getMinor(), shipped.getMicro() + releases);
        return Restamp.write(layout.driver(), version, folder.resolve(laterName(releases)));
    }

    private static String laterName(int releases) {
        return "driver-" + releases + ".jar";
    }

    private static Runnable step(Step step) {
        return () -> {
            try {
                step.run();
            } catch (IOException | BundleException failure) {
                throw new LauncherException("a swap ended in an error: " + failure.getMessage(), failure);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new LauncherException("a swap was interrupted", stop);
            }
        };
    }

    /** A swap as the framework's API has it. */
    @FunctionalInterface
    private interface Step {
        void run() throws IOException, BundleException, InterruptedException;
    }
}
