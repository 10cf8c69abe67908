package dev.bunary.orm.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Version;

/** Jars come and go in the drop-in folder while the load runs in the same framework. */
final class DropUnderLoadIT {
    @TempDir
    private Path temp;

    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

    @Test
    @SuppressWarnings("unchecked") // the contract of the service, see the soak bundle's activator
    void apply_driverAndLibraryUnderLoad_nothingFailsAndNothingIsLost() throws Exception {
        var layout = Layout.ofThisProcess();
        Path drivers = Files.createDirectory(temp.resolve("drivers"));
        Path config = ConnectionFile.write(
                temp.resolve("c.properties"),
                "sqlite",
                Map.of("path", temp.resolve("load.sqlite").toString()));
        try (var framework =
                EmbeddedFramework.boot(temp.resolve("framework"), Map.of(ConnectionFile.PROPERTY, config.toString()))) {
            var jars = new ArrayList<>(layout.bundles());
            jars.addAll(layout.demo());
            framework.installAndStart(jars);
            var folder = new DropFolder(drivers);
            Consumer<String> out = lines::add;
            var deployment =
                    new Deployment(framework, Files.createDirectory(temp.resolve("staging")), layout.bundles(), out);
            Function<Map<String, ?>, Map<String, ?>> door = framework.service(Function.class, "(bunary.soak=load)");

            Map<String, ?> report = door.apply(Map.of(
                    "out",
                    out,
                    "swaps",
                    swaps(drivers, folder, deployment, layout),
                    "threads",
                    3,
                    "seconds",
                    3,
                    "users",
                    200,
                    "posts",
                    1000,
                    "seed",
                    5));

            String story = String.join("\n", lines);
            assertEquals(true, report.get("clean"), story);
            assertEquals(0L, report.get("failed"), story);
            assertEquals(0L, report.get("lost"), story);
            assertEquals(5, report.get("swaps"), story);
        }
    }

    private Map<String, Runnable> swaps(Path drivers, DropFolder folder, Deployment deployment, Layout layout) {
        Path driver = drivers.resolve("driver.jar");
        Path sqlite = drivers.resolve("sqlite.jar");
        var swaps = new LinkedHashMap<String, Runnable>();
        swaps.put(
                "copy a newer driver in",
                step(folder, deployment, () -> Restamp.write(layout.driver(), new Version(0, 2, 0), driver)));
        swaps.put(
                "replace it",
                step(folder, deployment, () -> Restamp.write(layout.driver(), new Version(0, 3, 0), driver)));
        swaps.put(
                "copy another sqlite-jdbc in",
                step(folder, deployment, () -> Files.copy(layout.otherSqlite(), sqlite)));
        swaps.put("delete that", step(folder, deployment, () -> Files.delete(sqlite)));
        swaps.put("delete the driver", step(folder, deployment, () -> Files.delete(driver)));
        return swaps;
    }

    private static Runnable step(DropFolder folder, Deployment deployment, FileStep change) {
        return () -> {
            try {
                change.run();
                for (int look = 0; look < 3; look++) {
                    deployment.apply(folder.look());
                }
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            } catch (InterruptedException stop) {
                throw new IllegalStateException(stop);
            }
        };
    }

    @FunctionalInterface
    private interface FileStep {
        void run() throws IOException;
    }
}
