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
    @TempDir
    private Path temp;

    @TempDir
    private Path folder;

    /** Every kind of swap comes in this many with this seed. */
    @Test
    void soak_mixed_holdsEveryPromiseAndWritesJson() throws Exception {
        Path json = folder.resolve("soak.json");

        String output = soak("--mode=mixed", "--swaps=16", "--seconds=10", "--threads=3", "--seed=7", "--json=" + json);

        for (String swap : List.of(
                "update the driver bundle",
                "stop and start the driver bundle",
                "uninstall the driver bundle and install a new version",
                "install a second driver bundle",
                "rank the first driver higher",
                "set busyTimeout to",
                "replace the sqlite-jdbc bundle")) {
            assertTrue(output.contains(", " + swap), () -> "no '" + swap + "' in:\n" + output);
        }
        String figures = Files.readString(json);
        for (String expected : List.of(
                "\"clean\": true",
                "\"seed\": 7",
                "\"swaps\": 16",
                "\"failed\": 0",
                "\"lost\": 0",
                "\"forced\": 0",
                "\"generation\": 17",
                "\"oldLoadersReachable\": 0",
                "\"filesLeft\": []",
                "\"broken\": []")) {
            assertTrue(figures.contains(expected), () -> "no '" + expected + "' in:\n" + figures);
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
}
