package dev.bunary.orm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.NoDriverException;
import dev.bunary.orm.driver.Row;
import dev.bunary.orm.driver.RowReader;
import dev.bunary.orm.registry.ConsumerScope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Views that an {@code Orm}'s consumers have for themselves, on a real SQLite file. */
@Timeout(60)
final class ConsumerViewTest {
    private static final RowReader<Long> ID = columns -> row -> row.getLong(0);

    @TempDir
    Path folder;

    private Orm orm;
    private Orm view;

    @BeforeEach
    void open() {
        orm = Orm.create(OrmConfig.of(sqlite("app.db")).with("reports", sqlite("reports.db")));
        orm.getDriver().exec("CREATE TABLE users (id INTEGER PRIMARY KEY)");
        orm.table("users").insertAll(List.of(Map.of("id", 1), Map.of("id", 2), Map.of("id", 3)));
        view = orm.within(new ConsumerScope("bundle shop [12]"));
    }

    @AfterEach
    void close() {
        orm.close();
    }

    private DatabaseConfig sqlite(String file) {
        return DatabaseConfig.of("sqlite", Map.of("path", folder.resolve(file).toString()));
    }

    private long leases() {
        return orm.drivers().get(0).leases();
    }

    @Test
    void close_withStreamsOfEveryKind_endsThem() {
        try (DatabaseDriver uncached = view.createDriver(sqlite("own.db"))) {
            var streams = List.of(
                    view.table("users").stream(),
                    view.connection("default").table("users").stream(),
                    view.table("users").as(columns -> row -> Row.of(row.columns(), row.value(0))).stream(),
                    view.getDriver().query("SELECT id FROM users").stream(Row.reader()),
                    view.connection("default").getDriver().query("SELECT id FROM users").stream(Row.reader()),
                    uncached.query("SELECT 1 UNION SELECT 2").stream(Row.reader()));
            List<Iterator<Row>> rows = streams.stream().map(Stream::iterator).toList();
            rows.forEach(Iterator::next);
            assertEquals(5, leases());

            view.close();

            assertEquals(0, leases());
            rows.forEach(each -> assertReleased(each::hasNext));
            streams.forEach(Stream::close);
            assertEquals(0, leases());
        }
    }

    @Test
    void close_withStreamsOfOthers_leavesThem() {
        Orm other = orm.within(new ConsumerScope("bundle bank [13]"));
        try (Stream<Row> shared = orm.table("users").stream();
                Stream<Row> others = other.table("users").stream()) {
            view.close();
            assertEquals(3, shared.count());
            assertEquals(3, others.count());
        }
    }

    @Test
    void close_withAStreamAlreadyEnded_doesNotTouchIt() {
        Iterator<Row> closed;
        try (Stream<Row> stream = view.table("users").stream()) {
            closed = stream.iterator();
            closed.next();
        }
        Iterator<Row> read = view.table("users").stream().iterator();
        read.forEachRemaining(row -> {});
        view.close();
        assertFalse(read.hasNext());
        assertEquals(3, orm.table("users").count());
    }

    @Test
    void view_afterItsClose_throws_whileTheOrmGoesOn() {
        DatabaseDriver handle = view.getDriver();
        Orm another = view.connection("reports");
        view.close();
        view.close();
        for (Executable use : new Executable[] {
            () -> view.table("users").all(),
            () -> view.table("users").as(ID).stream(),
            view::getDriver,
            () -> view.getDriver("default"),
            another::getDriver,
            () -> view.createDriver(sqlite("own.db")),
            () -> view.transaction(() -> {}),
            () -> view.listen(event -> {}),
            () -> view.registerDriver("custom", config -> handle),
            () -> view.configure(orm.config()),
            view::closeDriver,
            view::resetDriver,
            () -> handle.exec("DELETE FROM users"),
            () -> handle.query("SELECT id FROM users").stream(ID),
            () -> handle.transaction(tx -> 1)
        }) {
            assertReleased(use);
        }
        assertEquals(3, orm.table("users").count());
        assertEquals(1, orm.drivers().get(0).generation());
    }

    @Test
    void getDriver_ofAView_isTheSameUntilTheDriverIsAnother() {
        DatabaseDriver handle = view.getDriver();
        assertSame(handle, view.getDriver());
        assertSame(handle, view.connection("default").getDriver());
        assertNotSame(handle, view.getDriver("reports"));
        orm.closeDriver();
        assertNotSame(handle, view.getDriver());
        assertSame(view.getDriver(), view.getDriver());
    }

    @Test
    void transaction_thatRunsAtTheClose_goesOnToItsEnd() throws Exception {
        var inside = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var running = CompletableFuture.supplyAsync(() -> view.transaction(tx -> {
            tx.exec("INSERT INTO users VALUES (4)");
            inside.countDown();
            await(goOn);
            view.table("users").insert(Map.of("id", 5));
            view.getDriver().exec("INSERT INTO users VALUES (6)");
            view.transaction(() -> view.table("users").insert(Map.of("id", 7)));
            try (Stream<Long> ids = view.table("users").as(ID).stream()) {
                return ids.count();
            }
        }));
        await(inside);
        view.close();
        goOn.countDown();
        assertEquals(7, running.get(20, TimeUnit.SECONDS));
        assertEquals(7, orm.table("users").count());
    }

    @Test
    void stream_openInATransaction_isNotTakenFromIt() {
        long read = view.transaction(tx -> {
            Iterator<Long> ids = view.table("users").as(ID).stream().iterator();
            ids.next();
            view.close();
            ids.next();
            return ids.next();
        });
        assertEquals(3, read);
    }

    @Test
    void factories_ofAView_areTakenBackAlone() {
        orm.registerDriver("common", config -> orm.createDriver(sqlite("common.db")));
        view.registerDriver("own", config -> orm.createDriver(sqlite("own.db")));
        view.registerDriver("own too", config -> orm.createDriver(sqlite("own.db")));
        assertTrue(opens("own"));
        view.clearDriverRegistry();
        assertFalse(opens("own"));
        assertFalse(opens("own too"));
        view.registerDriver("own", config -> orm.createDriver(sqlite("own.db")));
        view.close();
        assertFalse(opens("own"));
        assertTrue(opens("common"));
    }

    private boolean opens(String type) {
        try (DatabaseDriver driver = orm.createDriver(DatabaseConfig.of(type, Map.of()))) {
            return driver.query("SELECT 1").get().isPresent();
        } catch (NoDriverException none) {
            return false;
        }
    }

    @Test
    void uncachedDriver_ofAView_isClosedWithIt() {
        DatabaseDriver left = view.createDriver(sqlite("own.db"));
        left.exec("CREATE TABLE t (id INTEGER)");
        Path log = folder.resolve("own.db-wal"); // is there until the last connection is closed
        assertTrue(Files.exists(log));
        view.close();
        assertReleased(() -> left.query("SELECT 1").all());
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (Files.exists(log)) { // it is closed on a thread of its own
            assertTrue(System.nanoTime() < end, "the driver is still open");
            Thread.onSpinWait();
        }
    }

    /** Whatever is opened while the view closes: nothing stays open. */
    @Test
    void streams_openedWhileTheViewCloses_areEndedOrRefused() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            for (int round = 0; round < 50; round++) {
                Orm next = orm.within(new ConsumerScope("bundle shop [12]"));
                var kept = new ArrayList<Future<List<Stream<Long>>>>();
                var begun = new CountDownLatch(3);
                for (int thread = 0; thread < 3; thread++) {
                    kept.add(threads.submit(() -> openUntilRefused(next, begun)));
                }
                await(begun);
                next.close();
                for (Future<List<Stream<Long>>> each : kept) {
                    List<Stream<Long>> streams = each.get(20, TimeUnit.SECONDS);
                    streams.forEach(stream -> assertReleased(stream::toList));
                }
                assertEquals(0, leases());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<Stream<Long>> openUntilRefused(Orm view, CountDownLatch begun) {
        var streams = new ArrayList<Stream<Long>>();
        try {
            while (streams.size() < 1_000) {
                streams.add(view.table("users").as(ID).stream());
                begun.countDown();
            }
        } catch (DriverClosedException refused) {
            return streams;
        }
        throw new AssertionError("1,000 streams were opened, and the view did not close");
    }

    private static void assertReleased(Executable use) {
        var failure = assertThrows(DriverClosedException.class, use);
        assertTrue(failure.getMessage().contains("bundle shop [12]"), failure::getMessage);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(Duration.ofSeconds(20).toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
    }
}
