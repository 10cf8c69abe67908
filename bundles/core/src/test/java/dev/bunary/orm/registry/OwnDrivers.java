package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.TransactionCallback;
import dev.bunary.orm.driver.TransactionOptions;
import dev.bunary.orm.swap.DriverEvent;
import dev.bunary.orm.swap.DriverState;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

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

    /** The first at once, the others once they may. */
    DatabaseDriver openOldOnceMay(CountDownLatch mayOpen, DatabaseConfig config) {
        if (!opened.isEmpty()) {
            Bench.await(mayOpen);
        }
        return openOld(config);
    }

    /** The first is an old one as any other, the next ones wait in close(). */
    DatabaseDriver openOldOrOneThatClosesOnceMay(CountDownLatch mayClose) {
        var driver = opened.isEmpty()
                ? new TinyDriver("old")
                : new TinyDriver("own") {
                    @Override
                    public void close() {
                        Bench.await(mayClose);
                        super.close();
                    }
                };
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

    /**
     * Takes a factory back under work on its driver of the first connection, and runs the rest of that work when it is
     * waited for. Returns when the factory has left.
     */
    static void withdrawUnder(Bench bench, Candidate leaving, Consumer<DatabaseDriver> work) throws Exception {
        CompletableFuture<Boolean> withdrawal = bench.transaction(tx -> {
            CompletableFuture<Boolean> running = withdraw(bench, leaving);
            awaitState(bench.slot(), DriverState.DRAINING);
            work.accept(tx);
            return running;
        });
        Bench.join(withdrawal);
    }

    /** Begins a transaction, which goes on when it may. */
    static <T> CompletableFuture<T> workThatWaits(
            DriverSlot slot, CountDownLatch mayGoOn, TransactionCallback<T> then) {
        var inside = new CountDownLatch(1);
        CompletableFuture<T> work = Bench.async(() -> slot.transaction(TransactionOptions.READ_WRITE, tx -> {
            inside.countDown();
            Bench.await(mayGoOn);
            return then.run(tx);
        }));
        Bench.await(inside);
        return work;
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
