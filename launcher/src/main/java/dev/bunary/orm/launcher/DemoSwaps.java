package dev.bunary.orm.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.osgi.framework.BundleException;

/** What the demo does to the driver while the load runs. */
final class DemoSwaps {
    static final String DRIVER = "dev.bunary.orm.driver.sqlite";
    static final String SQLITE = "org.xerial.sqlite-jdbc";

    private static final int UPDATES = 5;

    private final EmbeddedFramework framework;
    private final Layout layout;
    private final DriverReleases releases;

    /** Swaps in a framework; the folder takes re-stamped jars. */
    DemoSwaps(EmbeddedFramework framework, Layout layout, Path folder) {
        this.framework = framework;
        this.layout = layout;
        this.releases = new DriverReleases(layout.driver(), folder);
    }

    /** Every kind of swap, in order, by the name to show. */
    Map<String, Runnable> all() {
        var swaps = new LinkedHashMap<String, Runnable>();
        for (int i = 1; i <= UPDATES; i++) {
            int micro = i;
            swaps.put(
                    "update the driver bundle in place, " + i + " of " + UPDATES,
                    SwapStep.runnable(() -> updateDriver(micro)));
        }
        swaps.put("install a second driver bundle beside it", SwapStep.runnable(this::installBeside));
        swaps.put("uninstall the second driver bundle", SwapStep.runnable(this::uninstallBeside));
        swaps.put(
                "replace the sqlite-jdbc bundle by another version",
                SwapStep.runnable(() -> replaceSqlite(layout.otherSqlite())));
        swaps.put("replace the sqlite-jdbc bundle back", SwapStep.runnable(() -> replaceSqlite(layout.sqlite())));
        return swaps;
    }

    /** One update in place, for a database that is only read. */
    Map<String, Runnable> one() {
        return Map.of("driver bundle updated in place", SwapStep.runnable(() -> updateDriver(1)));
    }

    /** No bundle is wired to a driver, so the framework lets go of the old one without a refresh. */
    private void updateDriver(int step) throws IOException, BundleException {
        try (InputStream jar = Files.newInputStream(releases.later(step))) {
            framework.bundle(DRIVER).update(jar);
        }
    }

    private void installBeside() throws IOException, BundleException {
        framework.install(releases.later(UPDATES + 1)).start();
    }

    private void uninstallBeside() throws BundleException {
        framework
                .context()
                .getBundle("bunary:" + DriverReleases.name(UPDATES + 1))
                .uninstall();
    }

    private void replaceSqlite(Path jar) throws IOException, BundleException, InterruptedException {
        new Replacement(framework).replace(framework.bundle(SQLITE), jar);
    }
}
