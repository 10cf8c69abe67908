package dev.bunary.orm.it.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.it.felix.probe.Probe;
import dev.bunary.orm.it.framework.Await;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The configuration names another file while handles of the first one are in use: none of them may reach the other. */
@Timeout(60)
final class AnotherDatabaseTest {
    private static final String COUNT = "SELECT count(*) FROM notes";

    @TempDir
    private Path folder;

    private TestFramework framework;
    private Probe probe;

    @BeforeEach
    void start() throws Exception {
        framework = TestFramework.start(folder);
        framework.installAll();
        framework.startAll();
        probe = framework.probe();
        for (String file : List.of("second.sqlite", "app.sqlite")) {
            use(file);
            probe.exec("CREATE TABLE notes (text TEXT NOT NULL)");
        }
    }

    @AfterEach
    void stop() throws Exception {
        framework.close();
    }

    @Test
    void path_changedUnderLoad_makesHandlesStaleAndNoWriteGoesAstray() throws Exception {
        Object handle = probe.handle();
        var written = new AtomicLong();
        var writers = new ArrayList<Caller<Void>>();
        for (int i = 0; i < 4; i++) {
            boolean inPairs = i % 2 == 0;
            writers.add(Caller.start("writer-" + i, () -> {
                while (true) { // ends with the error it is to get
                    written.addAndGet(inPairs ? writeTwo(handle) : writeOne(handle));
                }
            }));
        }
        Await.until(() -> written.get() > 200, () -> "written " + written);
        use("second.sqlite");
        for (Caller<Void> writer : writers) {
            Throwable failure = writer.failure();
            assertEquals("DriverClosedException", failure.getClass().getSimpleName(), failure::toString);
            assertTrue(failure.getMessage().contains("property 'path' changed"), failure::getMessage);
        }
        assertEquals("0", probe.ask(COUNT), "rows in the second file");
        assertEquals(1, probe.exec("INSERT INTO notes VALUES ('meant for the second')"));
        use("app.sqlite");
        assertEquals(written.toString(), probe.ask(COUNT), "rows in the first file");
        assertEquals("ok", probe.ask("PRAGMA integrity_check"));
    }

    private long writeOne(Object handle) {
        return probe.exec(handle, "INSERT INTO notes VALUES ('one')");
    }

    private long writeTwo(Object handle) {
        probe.transaction(handle, "INSERT INTO notes VALUES ('first')", "INSERT INTO notes VALUES ('second')");
        return 2;
    }

    private void use(String file) {
        probe.configure("sqlite", Map.of("path", folder.resolve(file).toString().replace('\\', '/')));
    }
}
