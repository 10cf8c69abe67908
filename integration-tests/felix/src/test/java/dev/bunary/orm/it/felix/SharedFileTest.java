package dev.bunary.orm.it.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.it.felix.probe.Probe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The driver bundle is updated while two Orms, a reset driver and one that was never cached write to one file, each by a
 * path spelled differently. No acknowledged write is lost.
 */
@Timeout(60)
final class SharedFileTest {
    private static final int UPDATES = 3;
    private static final int WRITES = 25;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"wal", "delete"})
    void updates_underWritersOfAllKinds_loseNothing(String journalMode) throws Exception {
        Path linked = Files.createSymbolicLink(folder.resolve("link"), folder).resolve("app.sqlite");
        Path relative =
                Path.of("").toAbsolutePath().relativize(folder.toRealPath().resolve("app.sqlite"));
        try (var framework = TestFramework.start(folder, "connection.default.journalMode=" + journalMode)) {
            framework.installAll();
            framework.startAll();
            Probe probe = framework.probe();
            try (var sharing = probe.shareFile(journalMode, linked.toString(), relative.toString())) {
                for (int i = 1; i <= UPDATES; i++) {
                    sharing.awaitEach(WRITES);
                    framework.update(framework.driver, framework.driverAs("9." + i + ".0"));
                }
                sharing.awaitEach(WRITES);
                Probe.Shared shared = sharing.stop();
                assertTrue(shared.clean(), shared::text);
                assertEquals(List.of(0L, 0L, 1L, (long) UPDATES), shared.refusals(), shared::text);
                assertEquals(0, shared.forced(), "drains that ended work by force");
            }
            assertEquals("9." + UPDATES + ".0", probe.status().version());
            assertEquals(journalMode, probe.ask("PRAGMA journal_mode"));
        }
    }
}
