package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.swap.DriverEvent;
import dev.bunary.orm.swap.DriverEvent.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Promise 15: one line per swap in the log. */
@Timeout(60)
class SwapLogTest {
    /** No other test's: what those leave to the background may log meanwhile. */
    private static final String CONNECTION = "logged";

    /** The lines at INFO and above of that connection. */
    private static final class Log extends Handler implements AutoCloseable {
        /** Held, as java.util.logging forgets loggers that nobody holds. */
        private final Logger logger = Logger.getLogger("dev.bunary.orm");

        final List<String> lines = new CopyOnWriteArrayList<>();

        Log() {
            logger.addHandler(this);
        }

        @Override
        public void publish(LogRecord line) {
            if (line.getLevel().intValue() >= Level.INFO.intValue()
                    && line.getMessage().contains("'" + CONNECTION + "'")) {
                lines.add(line.getLevel() + " " + line.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            logger.removeHandler(this);
        }
    }

    private static DriverSlot slot(Bench bench) {
        bench.configure(Map.of(CONNECTION, Bench.TINY));
        return bench.connections.slot(CONNECTION);
    }

    @Test
    void swap_withWorkInFlight_logsOneLineWithItsLeasesAndItsTime() throws Exception {
        try (var log = new Log();
                Bench bench = Bench.patient()) {
            DriverSlot slot = slot(bench);
            bench.announce(0, config -> new TinyDriver("old"));
            Lease first = slot.acquire();
            Lease second = slot.acquire();
            bench.announce(1, config -> new TinyDriver("new"));
            bench.await(Kind.DRAINING);
            long drained = System.nanoTime() + Duration.ofMillis(20).toNanos();
            Bench.await(() -> System.nanoTime() > drained);
            first.release();
            second.release();
            assertEquals("new", Bench.answer(slot.driver()));
            DriverEvent rebound = bench.await(Kind.REBOUND);

            assertEquals(1, log.lines.size(), log.lines::toString);
            Matcher line = Pattern.compile(
                            "INFO connection 'logged': tiny rebound, generation 2, drained 2 leases in (\\d+) ms, by .+")
                    .matcher(log.lines.get(0));
            assertTrue(line.matches(), log.lines::toString);
            long millis = Long.parseLong(line.group(1));
            assertEquals(rebound.duration().toMillis(), millis);
            assertTrue(millis >= 20, log.lines::toString);
        }
    }

    /** close() does not wait for ever, and so does not hide what it leaves. */
    @Test
    void close_whileADriverHangsInItsOpening_warnsOfIt() throws Exception {
        var creating = new CountDownLatch(1);
        var mayCreate = new CountDownLatch(1);
        try (var log = new Log();
                Bench bench = Bench.withTimeouts(20_000, 100, 20_000)) {
            DriverSlot slot = slot(bench);
            bench.announce(0, config -> {
                creating.countDown();
                Bench.await(mayCreate);
                return new TinyDriver("late");
            });
            var caller = Bench.async(slot::driver);
            Bench.await(creating);

            bench.connections.close();

            assertEquals(
                    List.of("WARNING connection 'logged' is gone, but a driver of it is still open or being opened"),
                    log.lines);
            assertThrows(ExecutionException.class, () -> Bench.join(caller));
            mayCreate.countDown();
        }
    }

    @Test
    void swap_besideTheOldDriver_logsOneLine() throws Exception {
        try (var log = new Log();
                Bench bench = Bench.patient()) {
            DriverSlot slot = slot(bench);
            var old = new TinyDriver("old");
            bench.announce(0, Bench.overlapping(config -> old));
            slot.driver();
            bench.announce(1, Bench.overlapping(config -> new TinyDriver("new")));
            bench.await(Kind.REBOUND);
            Bench.await(old::isClosed);

            assertEquals(1, log.lines.size(), log.lines::toString);
            assertTrue(
                    log.lines
                            .get(0)
                            .startsWith("INFO connection 'logged': tiny rebound, generation 2, beside generation 1"
                                    + " with 0 leases, by "),
                    log.lines::toString);
        }
    }
}
