package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.swap.DriverEvent;
import dev.bunary.orm.swap.DriverState;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the tests of drivers for work in flight begin with and look at. */
abstract class OwnDrivers {
    static final Map<String, DatabaseConfig> TWO = Map.of("default", Bench.TINY, "second", Bench.TINY);

    /** As it is on a thread that starts a bundle. */
    static final Feeder MUST_NOT_WAIT = new Feeder() {
        @Override
        public boolean mayPark() {
            return false;
        }
    };

    final List<TinyDriver> opened = new CopyOnWriteArrayList<>();

    DatabaseDriver openOld(DatabaseConfig config) {
        var driver = new TinyDriver("old");
        opened.add(driver);
        return driver;
    }

    void assertAllClosedAfterUse() {
        for (TinyDriver driver : opened) {
            assertTrue(driver.isClosed());
            assertEquals(1, driver.closes.get());
            assertEquals(0, driver.usesAfterClose.get());
        }
    }

    static CompletableFuture<Boolean> withdraw(Bench bench, Candidate candidate) {
        return Bench.async(() -> {
            bench.registry.withdraw(candidate);
            return true;
        });
    }

    static void awaitState(DriverSlot slot, DriverState state) {
        Bench.await(() -> slot.status().state() == state);
    }

    static int ownDrivers(DriverSlot slot) {
        slot.state.lock();
        try {
            return slot.state.own().size();
        } finally {
            slot.state.unlockAndTell();
        }
    }

    static void assertNothingForced(Bench bench) {
        assertFalse(bench.told().stream().anyMatch(event -> event.kind() == DriverEvent.Kind.FORCED));
    }
}
