package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.SwapStrategy;
import dev.bunary.orm.driver.TransactionOptions;
import dev.bunary.orm.swap.DriverState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Promises 1, 4, 6 and 7 on a whole slot: two or three things happen to it at once, in a new slot each time. */
@Timeout(60)
class SlotRaceTest {
    private static final int FEW = 20;

    /** One round: a slot, the drivers it opened, and how it ends. */
    private static final class Course implements AutoCloseable {
        final Bench bench = Bench.patient();
        final Queue<TinyDriver> opened = new ConcurrentLinkedQueue<>();
        final SwapStrategy strategy;

        Course(SwapStrategy strategy) {
            this.strategy = strategy;
        }

        DriverFactory factory(String name) {
            return new DriverFactory() {
                @Override
                public DatabaseDriver create(DatabaseConfig config) {
                    var driver = new TinyDriver(name + " on " + config.require("path"));
                    opened.add(driver);
                    return driver;
                }

                @Override
                public SwapStrategy swapStrategy(DatabaseConfig config) {
                    return strategy;
                }
            };
        }

        /** Answers, through a lease on whatever serves. */
        String answer() {
            Deadline limit = RaceState.limit();
            Lease lease = bench.slot().acquire();
            try {
                assertTrue(!limit.hasPassed(), "woken late");
                return Bench.answer(lease.driver());
            } finally {
                lease.release();
            }
        }

        boolean withdraw(Candidate candidate) {
            bench.registry.withdraw(candidate);
            return true;
        }

        /** Swaps begun in the background end, and one driver alone is open: the current one. */
        void settlesOn(String expected) {
            Bench.await(() -> answer().equals(expected));
            Bench.await(() -> bench.slot().status().state() == DriverState.BOUND);
            Bench.await(
                    () -> opened.stream().filter(driver -> !driver.isClosed()).count() == 1);
            TinyDriver open = opened.stream()
                    .filter(driver -> !driver.isClosed())
                    .findFirst()
                    .orElseThrow();
            assertEquals(expected, open.name);
            assertEquals(0, bench.slot().status().leases());
        }

        @Override
        public void close() {
            bench.close();
            for (TinyDriver driver : opened) {
                Bench.await(driver::isClosed); // one that nobody waited for any more may come late
                assertEquals(1, driver.closes.get(), driver.name);
                assertEquals(0, driver.usesAfterClose.get(), driver.name);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void acquire_whileEvicted_isNeverGivenAClosedDriver(SwapStrategy strategy) throws Exception {
        try (var rounds = new RaceRounds("acquire while evicted, " + strategy)) {
            int played = rounds.play(() -> {
                try (var course = new Course(strategy)) {
                    Candidate leaving = course.bench.announce(1, course.factory("old"));
                    course.bench.announce(0, course.factory("next"));
                    course.answer();
                    var answers = rounds.race(course::answer, course::answer, () -> {
                        course.withdraw(leaving);
                        return course.answer();
                    });
                    assertTrue(List.of("old on a", "next on a").containsAll(answers), answers.toString());
                    assertEquals("next on a", answers.get(2));
                    course.settlesOn("next on a");
                }
            });
            assertTrue(played > FEW, "rounds: " + played);
        }
    }

    @ParameterizedTest
    @EnumSource
    void evict_whileOpening_leavesOneDriverOpen(SwapStrategy strategy) throws Exception {
        try (var rounds = new RaceRounds("evict while opening, " + strategy)) {
            int played = rounds.play(() -> {
                try (var course = new Course(strategy)) {
                    Candidate leaving = course.bench.announce(1, course.factory("old"));
                    course.bench.announce(0, course.factory("next"));
                    rounds.race(
                            course::answer, // opens
                            () -> course.withdraw(leaving),
                            () -> course.bench.announce(2, course.factory("best")));
                    course.settlesOn("best on a");
                }
            });
            assertTrue(played > FEW, "rounds: " + played);
        }
    }

    @Test
    void configure_whileOpening_leavesOneDriverOpenOnTheNewDatabase() throws Exception {
        try (var rounds = new RaceRounds("configure while opening")) {
            int played = rounds.play(() -> {
                try (var course = new Course(SwapStrategy.EXCLUSIVE)) {
                    course.bench.announce(0, course.factory("a"));
                    rounds.race(course::answer, () -> {
                        course.bench.configure(DatabaseConfig.of("tiny", Map.of("path", "b")));
                        assertEquals("a on b", course.answer());
                        return true;
                    });
                    course.settlesOn("a on b");
                }
            });
            assertTrue(played > FEW, "rounds: " + played);
        }
    }

    /** What a user may do to a connection whose driver is coming or leaving. */
    enum Act {
        CLOSE,
        RESET;

        void on(DriverSlot slot) {
            if (this == CLOSE) {
                slot.closeDriver();
            } else {
                slot.resetDriver();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"CLOSE, EXCLUSIVE", "CLOSE, OVERLAP", "RESET, EXCLUSIVE", "RESET, OVERLAP"})
    void closeOrReset_whileDraining_closesEachDriverOnce(Act act, SwapStrategy strategy) throws Exception {
        try (var rounds = new RaceRounds(act + " while draining, " + strategy)) {
            int played = rounds.play(() -> {
                try (var course = new Course(strategy)) {
                    Candidate leaving = course.bench.announce(1, course.factory("old"));
                    course.bench.announce(0, course.factory("next"));
                    DriverSlot slot = course.bench.slot();
                    course.answer();
                    var detached = new ConcurrentLinkedQueue<DatabaseDriver>();
                    rounds.race(
                            () -> slot.transaction(TransactionOptions.READ_WRITE, tx -> tx.exec("x") == 1),
                            () -> course.withdraw(leaving),
                            () -> {
                                detached.add(slot.driver());
                                act.on(slot);
                                return true;
                            });
                    closeAll(new ArrayList<>(detached)); // a reset handle belongs to its owner
                    course.settlesOn("next on a");
                }
            });
            assertTrue(played > FEW, "rounds: " + played);
        }
    }

    @ParameterizedTest
    @CsvSource({"CLOSE, EXCLUSIVE", "CLOSE, OVERLAP", "RESET, EXCLUSIVE", "RESET, OVERLAP"})
    void closeOrReset_whileOpening_closesEachDriverOnce(Act act, SwapStrategy strategy) throws Exception {
        try (var rounds = new RaceRounds(act + " while opening, " + strategy)) {
            int played = rounds.play(() -> {
                try (var course = new Course(strategy)) {
                    Candidate only = course.bench.announce(0, course.factory("only"));
                    DriverSlot slot = course.bench.slot();
                    rounds.race(course::answer, course::answer, () -> {
                        act.on(slot);
                        return course.answer();
                    });
                    course.withdraw(only); // closes what a reset left without an owner
                    course.bench.announce(0, course.factory("next"));
                    course.settlesOn("next on a");
                }
            });
            assertTrue(played > FEW, "rounds: " + played);
        }
    }

    private static void closeAll(List<DatabaseDriver> detached) {
        for (DatabaseDriver handle : detached) {
            try {
                handle.close();
            } catch (DriverClosedException itsFactoryLeft) {
                assertTrue(itsFactoryLeft.getMessage().contains("closed"), itsFactoryLeft.getMessage());
            }
        }
    }

    @Test
    void rebind_whileACallerParks_wakesIt() throws Exception {
        try (var rounds = new RaceRounds("rebind while parking")) {
            int played = rounds.play(() -> {
                try (var course = new Course(SwapStrategy.EXCLUSIVE)) {
                    Candidate leaving = course.bench.announce(0, course.factory("old"));
                    course.answer();
                    course.withdraw(leaving);
                    var answers = rounds.race(course::answer, course::answer, () -> {
                        course.bench.announce(0, course.factory("new"));
                        return "new on a";
                    });
                    assertEquals(List.of("new on a", "new on a", "new on a"), answers);
                    course.settlesOn("new on a");
                }
            });
            assertTrue(played > FEW, "rounds: " + played);
        }
    }
}
