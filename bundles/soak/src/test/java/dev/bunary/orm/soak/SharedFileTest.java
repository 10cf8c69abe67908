package dev.bunary.orm.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.Orm;
import dev.bunary.orm.OrmConfig;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.swap.DriverEvent;
import dev.bunary.orm.swap.Registration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real copies of SQLite take turns on one file that several drivers write to: those of two Orms, a reset one and one that
 * was never cached, each by a path spelled differently. A copy is drained or the next is refused; two are never open at
 * once, and no acknowledged write is lost.
 */
@Timeout(60)
final class SharedFileTest {
    private static final Duration PATIENT = Duration.ofSeconds(20);
    private static final Duration DRAIN = Duration.ofMillis(400); // a copy is refused 1 s after that
    private static final int WRITES = 25;

    @TempDir
    private Path folder;

    private final OpenEngines engines = new OpenEngines();
    private final LinkedBlockingQueue<DriverEvent> events = new LinkedBlockingQueue<>();
    private EngineCopy one;
    private EngineCopy other;
    private Path file;
    private Orm orm;

    @BeforeEach
    void loadTwoCopies() throws Exception {
        one = new EngineCopy("one", engines);
        other = new EngineCopy("other", engines);
        file = Files.createFile(folder.resolve("shared.sqlite"));
    }

    @AfterEach
    void close() {
        orm.close();
        assertEquals(0, engines.count(), "drivers left open");
    }

    @ParameterizedTest
    @ValueSource(strings = {"wal", "delete"})
    void registerDriver_copiesInTurnUnderWriteLoad_losesNothing(String journalMode) throws Exception {
        orm = open(file, journalMode);
        Registration serving = orm.registerDriver("sqlite", one.factory());
        try (var writers = Writers.start(orm, List.of(orm::getDriver, orm::getDriver, orm::getDriver))) {
            for (int swap = 1; swap <= 6; swap++) {
                writers.awaitEach(WRITES);
                Registration next = orm.registerDriver("sqlite", (swap % 2 == 0 ? one : other).factory());
                serving.close();
                serving = next;
            }
            writers.awaitEach(WRITES);
            assertHeld(writers.stop());
        }
        assertEquals(4, engines.opened(one));
        assertEquals(3, engines.opened(other));
        assertEquals(7, orm.drivers().get(0).generation());
    }

    @ParameterizedTest
    @ValueSource(strings = {"wal", "delete"})
    void registerDriver_whileAnotherOrmHasTheFile_isRefusedUntilThatGoesAlong(String journalMode) throws Exception {
        orm = open(file, journalMode);
        orm.registerDriver("sqlite", one.factory());
        try (Orm second = open(throughALink(), journalMode)) {
            second.registerDriver("sqlite", one.factory());
            try (var writers = Writers.start(orm, List.of(orm::getDriver, second::getDriver))) {
                writers.awaitEach(WRITES);
                orm.registerDriver("sqlite", other.factory());
                assertRefused();
                writers.awaitEach(WRITES);
                assertEquals(0, engines.opened(other), "the other Orm has not left the first copy");

                second.registerDriver("sqlite", other.factory());
                orm.registerDriver("sqlite", other.factory());
                await(DriverEvent.Kind.REBOUND);
                writers.awaitEach(WRITES);
                assertHeld(writers.stop());
            }
            assertEquals(2, engines.opened(other), "one for each Orm");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"wal", "delete"})
    void unregister_underAResetAndAnUncachedDriver_closesThemBeforeTheNextOpens(String journalMode) throws Exception {
        orm = open(file, journalMode);
        Registration leaving = orm.registerDriver("sqlite", one.factory());
        DatabaseConfig relative = sqlite(relativePath(), journalMode);
        var reset = new AtomicReference<>(orm.getDriver());
        orm.resetDriver();
        Supplier<DatabaseDriver> resetFirst =
                () -> Objects.requireNonNullElseGet(reset.getAndSet(null), orm::getDriver);
        try (var writers = Writers.start(orm, List.of(orm::getDriver, resetFirst, () -> orm.createDriver(relative)))) {
            writers.awaitEach(WRITES);
            orm.registerDriver("sqlite", other.factory());
            assertRefused();
            writers.awaitEach(WRITES);
            assertEquals(0, engines.opened(other), "a reset and an uncached driver have the file open");

            leaving.close();
            writers.awaitEach(WRITES);
            Writers.Result result = writers.stop();
            assertHeld(result);
            assertEquals(List.of(0L, 1L, 1L), result.refusals(), "who had to ask for another driver");
        }
        assertEquals(2, engines.opened(other), "the cached driver and the uncached one");
    }

    private Path throughALink() throws IOException {
        return Files.createSymbolicLink(folder.resolve("link"), folder).resolve("shared.sqlite");
    }

    private Path relativePath() {
        return Path.of("").toAbsolutePath().relativize(file);
    }

    private Orm open(Path path, String journalMode) {
        Orm opened = Orm.create(OrmConfig.of(sqlite(path, journalMode)).withTimeouts(PATIENT, DRAIN, PATIENT));
        opened.listen(events::add);
        return opened;
    }

    private static DatabaseConfig sqlite(Path path, String journalMode) {
        return DatabaseConfig.of("sqlite", Map.of("path", path.toString(), "journalMode", journalMode));
    }

    private void assertRefused() throws InterruptedException {
        String told = await(DriverEvent.Kind.QUARANTINED).message();
        assertTrue(told.contains("is in use by"), told);
    }

    private DriverEvent await(DriverEvent.Kind kind) throws InterruptedException {
        DriverEvent event;
        do {
            event = events.poll(PATIENT.toMillis(), TimeUnit.MILLISECONDS);
            assertTrue(event != null, "no event " + kind);
        } while (event.kind() != kind);
        return event;
    }

    private void assertHeld(Writers.Result result) {
        assertTrue(result.isClean(), result::toString);
        assertEquals(List.of(), engines.collisions());
        assertTrue(events.stream().noneMatch(event -> event.kind() == DriverEvent.Kind.FORCED), events::toString);
    }
}
