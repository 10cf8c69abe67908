package dev.bunary.orm.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The soak as users run it, only shorter. */
final class SoakIT {
    private static final int ENDED_BY_SIGTERM = 143;
    private static final String[] CLEAN = {
        "\"clean\": true",
        "\"seed\": 7",
        "\"failed\": 0",
        "\"lost\": 0",
        "\"forced\": 0",
        "\"jdbcDriversAfter\": 0",
        "\"oldLoadersReachable\": 0",
        "\"filesLeft\": []",
        "\"broken\": []"
    };

    @TempDir
    private Path temp;

    @TempDir
    private Path folder;

    /** Every kind of swap comes in this many with this seed. */
    @Test
    void soak_mixed_holdsEveryPromiseAndWritesJson() throws Exception {
        Path json = folder.resolve("soak.json");

        String output = soak("--mode=mixed", "--swaps=16", "--seconds=10", "--threads=3", "--seed=7", "--json=" + json);

        assertHolds(
                output,
                "Felix",
                ", update the driver bundle",
                ", stop and start the driver bundle",
                ", uninstall the driver bundle and install a new version",
                ", install a second driver bundle",
                ", rank the first driver higher",
                ", change busyTimeout",
                ", replace the sqlite-jdbc bundle");
        assertHolds(Files.readString(json), CLEAN);
        assertHolds(Files.readString(json), "\"runtime\": \"felix\"", "\"swaps\": 16", "\"generation\": 35");
        assertHolds(Files.readString(json), "\"threads\": 3", "\"seconds\": 10", "\"seed\": 7", "Felix 7.0.5");
    }

    @Test
    void soak_onModuleLayers_holdsEveryPromiseAndWritesJson() throws Exception {
        Path json = folder.resolve("soak.json");

        String output = soak(
                "--runtime=layers",
                "--mode=mixed",
                "--swaps=8",
                "--seconds=5",
                "--threads=3",
                "--seed=7",
                "--json=" + json);

        assertHolds(
                output,
                "module layers",
                "the driver's layer",
                " -> dev.bunary.orm.driver.sqlite 0.1.",
                "native libraries in memory: 1 before, 1 after");
        assertHolds(Files.readString(json), CLEAN);
        assertHolds(Files.readString(json), "\"runtime\": \"layers\"", "\"pauseRatio\": ");
    }

    /** Fewer than these would say that their collection was not looked at. */
    @Test
    void soak_ofOneMode_countsTheLoadersItHasReplaced() throws Exception {
        String output = soak("--mode=reinstall", "--swaps=3", "--seconds=2", "--threads=2", "--seed=7", "--json");

        assertTrue(output.matches("(?s).*old class loaders: 0 of [4-9] reachable.*"), output);
        assertHolds(output, CLEAN);
    }

    /** The exit code and the lines of the process on the module path come through. */
    @Test
    void soak_pausesLongerThanAllowed_endsWithOne() throws Exception {
        try (var soak = LauncherProcess.start(
                temp,
                Map.of(),
                "soak",
                "--runtime=layers",
                "--mode=config",
                "--swaps=2",
                "--seconds=1",
                "--threads=2",
                "--max-pause-ratio=0.001")) {
            assertEquals(1, soak.exitCode(), soak::output);
            soak.await("BROKEN: the pauses are ");
        }
    }

    @Test
    void soak_onModuleLayersToldToEnd_endsItsProcessAndLeavesNothing() throws Exception {
        try (var soak =
                LauncherProcess.start(temp, Map.of(), "soak", "--runtime=layers", "--mode=config", "--seconds=30")) {
            soak.await("Load: 8 threads for 30 s");
            soak.terminate();
            assertEquals(ENDED_BY_SIGTERM, soak.exitCode(), soak::output);
        }
        try (Stream<Path> left = Files.list(temp)) {
            assertEquals(List.of(), left.toList(), "left in the temporary folder");
        }
    }

    private String soak(String... options) throws Exception {
        String[] all = Stream.concat(Stream.of("soak"), Stream.of(options)).toArray(String[]::new);
        try (var soak = LauncherProcess.start(temp, Map.of(), all)) {
            assertEquals(0, soak.exitCode(), soak::output);
            soak.await("OK: every promise held, seed 7");
            try (Stream<Path> left = Files.list(temp)) {
                assertEquals(List.of(), left.toList(), "left in the temporary folder");
            }
            return soak.output();
        }
    }

    private static void assertHolds(String text, String... parts) {
        for (String part : parts) {
            assertTrue(text.contains(part), () -> "no '" + part + "' in:\n" + text);
        }
    }
}
