package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bunary.orm.swap.DriverEvent.Kind;
import dev.bunary.orm.swap.DriverState;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Code of others that throws in the middle of a swap: the swap goes on to its end. */
@Timeout(60)
class HalfwayTest {
    /** A log whose backend's bundle has just gone. */
    private static final class BrokenLog extends Handler {
        private final Logger logger = Logger.getLogger("dev.bunary.orm");
        private final Level before = logger.getLevel();

        static void during(Runnable work) {
            var broken = new BrokenLog();
            broken.logger.setLevel(Level.ALL);
            broken.logger.addHandler(broken);
            try {
                work.run();
            } catch (NoClassDefFoundError told) {
                // that it cannot log may be told, but the work is to be done all the same
            } finally {
                broken.close();
            }
        }

        @Override
        public void publish(LogRecord record) {
            throw new NoClassDefFoundError("of a log that just went");
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            logger.removeHandler(this);
            logger.setLevel(before);
        }
    }

    @Test
    void swap_whileTheLogIsBroken_isCarriedThrough() {
        try (Bench bench = Bench.withTimeouts(2_000, 500, 2_000)) {
            var driver = new TinyDriver("old");
            Candidate old = bench.announce(0, config -> driver);
            bench.answer();

            BrokenLog.during(() -> bench.registry.withdraw(old));

            Bench.await(driver::isClosed);
            bench.announce(0, config -> new TinyDriver("new"));
            assertEquals("new", bench.answer());
        }
    }

    @Test
    void events_afterTheLogFailedOnce_areToldAgain() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.announce(0, config -> new TinyDriver("any"));
            BrokenLog.during(bench::answer);
            Bench.await(() -> bench.slot().status().state() == DriverState.BOUND);

            bench.slot().closeDriver();

            bench.await(Kind.DRAINING);
        }
    }

    /** A failure whose text cannot be read, as the classes it needs for that have gone. */
    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new NoClassDefFoundError("of a driver that just went");
        }
    }

    @Test
    void open_failsWithAnExceptionThatCannotBeRead_theNextFactoryServes() {
        try (Bench bench = Bench.patient()) {
            bench.announce(1, config -> {
                throw new Unreadable();
            });
            bench.announce(0, config -> new TinyDriver("good"));

            assertEquals("good", bench.answer());
        }
    }

    @Test
    void announce_whenAWatcherFails_leavesNoFactoryThatNobodyCanTakeBack() {
        try (Bench bench = Bench.patient()) {
            var breaks = new AtomicBoolean(true);
            bench.registry.watch(() -> {
                if (breaks.get()) {
                    throw new IllegalStateException("the bundle has stopped");
                }
            });
            Candidate announced = null;
            try {
                announced = bench.announce(0, config -> new TinyDriver("any"));
            } catch (IllegalStateException told) {
                // then it is not announced
            }
            breaks.set(false);

            assertEquals(announced == null ? List.of() : List.of(announced), bench.registry.announced());
        }
    }

    @Test
    void announce_whenAWatcherFails_theOthersAreTold() {
        try (Bench bench = Bench.patient()) {
            var told = new AtomicBoolean();
            bench.registry.watch(() -> {
                throw new IllegalStateException("the bundle has stopped");
            });
            bench.registry.watch(() -> told.set(true));

            bench.announce(0, config -> new TinyDriver("any"));

            assertEquals(true, told.get());
        }
    }
}
