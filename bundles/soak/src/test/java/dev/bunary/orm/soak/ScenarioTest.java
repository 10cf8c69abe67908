package dev.bunary.orm.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.Orm;
import dev.bunary.orm.OrmConfig;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.swap.Registration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scenario on the class path with the real SQLite driver, and with drivers that break a promise. */
final class ScenarioTest {
    private static final LoadPlan PLAN =
            LoadPlan.of(3, Duration.ofMillis(600), 42).withRows(100, 500);

    @TempDir
    private Path folder;

    private final List<String> lines = new ArrayList<>();
    private Orm orm;

    @BeforeEach
    void open() {
        orm = Orm.create(OrmConfig.of(DatabaseConfig.of(
                "sqlite", Map.of("path", folder.resolve("s.sqlite").toString()))));
    }

    @AfterEach
    void close() {
        orm.close();
    }

    @Test
    void run_swapsBetweenGoodDrivers_isClean() throws InterruptedException {
        var registered = new AtomicReference<Registration>();
        var swaps = new LinkedHashMap<String, Runnable>();
        swaps.put("register", () -> registered.set(orm.registerDriver("sqlite", BadDriver.good())));
        swaps.put("unregister", () -> registered.get().close());

        Report report = new Scenario(orm, PLAN, lines::add).run(swaps);

        assertTrue(report.isClean(), () -> String.join("\n", lines));
        assertEquals(
                List.of(2L, 3L),
                report.swaps().stream().map(SwapReport::generation).toList());
        assertEquals(6, report.pauses().count());
        assertTrue(report.audit().acknowledged() > 0);
        for (Operation kind : Operation.values()) {
            assertTrue(report.load().done().get(kind) > 0, kind + " was never done");
        }
        assertEquals(true, report.toMap().get("clean"));
        assertTrue(lines.contains("OK: 0 failed, 0 lost (seed 42)"), () -> String.join("\n", lines));
    }

    @Test
    void run_aDriverThatLosesAcknowledgedWrites_isBroken() throws InterruptedException {
        Report report = runOn((real, sql, params) -> 1);

        assertFalse(report.isClean());
        assertTrue(report.audit().lost() > 0, report.audit().toString());
        assertEquals(0, report.load().failed());
    }

    @Test
    void run_aDriverThatWritesTwice_isBroken() throws InterruptedException {
        Report report = runOn((real, sql, params) -> {
            real.exec(sql, params);
            return real.exec(sql, params);
        });

        assertFalse(report.isClean());
        assertTrue(report.audit().doubled() > 0, report.audit().toString());
    }

    @Test
    void run_aDriverThatWritesAndThenFails_isBrokenAndShowsTheFirstFailures() throws InterruptedException {
        Report report = runOn((real, sql, params) -> {
            real.exec(sql, params);
            throw new IllegalStateException("refused after the fact");
        });

        assertFalse(report.isClean());
        assertTrue(report.load().failed() > 0);
        assertEquals(report.load().failed(), report.audit().unacknowledged());
        assertEquals(0, report.audit().lost());
        assertTrue(report.load().firstFailures().get(0).contains("refused after the fact"));
        assertTrue(report.load().firstFailures().get(0).contains("BadDriver"), "no stack trace");
        assertTrue(report.load().firstFailures().size() <= 5);
    }

    @Test
    void run_aSwapAfterWhichNoNewDriverServes_isAnError() {
        var scenario = new Scenario(orm, PLAN, lines::add, Duration.ofMillis(200));

        var error = assertThrows(IllegalStateException.class, () -> scenario.run(Map.of("nothing", () -> {})));

        assertTrue(error.getMessage().contains("no driver after generation 1"), error.getMessage());
    }

    @Test
    void stop_aPlanOfAHundredOperations_endsAfterThem() throws InterruptedException {
        var plan = new LoadPlan(2, Duration.ofSeconds(60), 100, 1, 100, 500);
        new Scenario(orm, plan, lines::add).prepare();

        try (Load load = Load.start(orm, plan)) {
            assertFalse(load.runFor(Duration.ofSeconds(60)), "the load did not end at its count");
            assertEquals(100, load.stop().operations());
        }
    }

    @Test
    void pausesDuring_theLoadHasEnded_isAnError() throws InterruptedException {
        var plan = new LoadPlan(2, Duration.ofSeconds(60), 10, 1, 100, 500);
        new Scenario(orm, plan, lines::add).prepare();

        try (Load load = Load.start(orm, plan)) {
            load.runFor(Duration.ofSeconds(60));
            assertThrows(IllegalStateException.class, () -> load.pausesDuring(() -> {}));
        }
    }

    private Report runOn(BadDriver.Writes writes) throws InterruptedException {
        orm.registerDriver("sqlite", BadDriver.that(writes));
        return new Scenario(orm, PLAN, lines::add).run(Map.of());
    }
}
