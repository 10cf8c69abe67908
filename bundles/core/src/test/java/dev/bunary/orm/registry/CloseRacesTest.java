package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.TransactionOptions;
import dev.bunary.orm.swap.DriverEvent.Kind;
import dev.bunary.orm.swap.DriverState;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is under way when an Orm, a consumer or the whole registry closes: all of it ends, once, within one deadline. */
@Timeout(60)
class CloseRacesTest {
    @Test
    void close_whileADriverDrainsBesideTheCurrentOne_returnsWhenThatIsClosedToo() throws Exception {
        Bench bench = Bench.patient();
        var first = new TinyDriver("first");
        bench.announce(0, Bench.overlapping(config -> first));
        bench.answer();
        var inside = new CountDownLatch(1);
        var finish = new CountDownLatch(1);
        var work = Bench.async(() -> bench.<String>transaction(tx -> {
            inside.countDown();
            Bench.await(finish);
            return Bench.answer(tx);
        }));
        Bench.await(inside);
        bench.announce(1, Bench.overlapping(config -> new TinyDriver("second")));
        bench.await(Kind.REBOUND);

        var close = Bench.async(() -> {
            bench.close();
            return first.isClosed();
        });
        Bench.await(() -> bench.told().stream().anyMatch(event -> event.kind() == Kind.DRAINING) || close.isDone());
        finish.countDown();

        assertEquals("first", Bench.join(work));
        assertTrue(Bench.join(close), "close() returned before the driver was closed");
    }

    @RepeatedTest(20) // the one that takes over may be late all the same
    void closeDriver_whileAnotherIsAboutToTakeOver_leavesNoneOpen() throws Exception {
        try (Bench bench = Bench.patient()) {
            var opening = new CountDownLatch(1);
            var goOn = new CountDownLatch(1);
            var second = new TinyDriver("second");
            bench.announce(0, Bench.overlapping(config -> new TinyDriver("first")));
            bench.answer();
            bench.announce(1, Bench.overlapping(config -> {
                opening.countDown();
                Bench.await(goOn);
                return second;
            }));
            Bench.await(opening);
            Bench.await(() -> watches(Thread.State.TIMED_WAITING)); // for no lock
            DriverSlot slot = bench.slot();
            CompletableFuture<Boolean> closing;
            slot.state.lock.lock();
            try {
                closing = Bench.async(() -> {
                    slot.closeDriver();
                    return true;
                });
                Bench.await(() -> slot.state.lock.getQueueLength() >= 1);
                goOn.countDown();
                Bench.await(() -> slot.state.lock.getQueueLength() >= 2); // opened, and about to take over
            } finally {
                slot.state.lock.unlock();
            }
            Bench.join(closing);

            Bench.await(() -> second.isClosed() || slot.status().state() == DriverState.BOUND);
            assertEquals(DriverState.UNBOUND, slot.status().state());
        }
    }

    private static boolean watches(Thread.State state) {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().startsWith("bunary-watch") && thread.getState() == state);
    }

    @Test
    void openingFails_afterTheOrmClosed_nothingOfItsFactoryIsKept() throws Exception {
        Bench bench = Bench.withTimeouts(20_000, 100, 20_000);
        var kept = failLate(bench);
        bench.registry.shutDown();

        Bench.await(() -> {
            System.gc();
            return kept.refersTo(null);
        });
        Reference.reachabilityFence(bench);
    }

    private static WeakReference<Object> failLate(Bench bench) throws Exception {
        Object marker = new Object();
        var opening = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        bench.announce(0, config -> {
            opening.countDown();
            Bench.await(goOn);
            throw new IllegalStateException("on purpose " + marker.hashCode());
        });
        var caller = Bench.async(bench::answer);
        Bench.await(opening);
        var close = Bench.async(() -> {
            bench.close();
            return true;
        });
        caller.handle((answer, failure) -> true).get(20, TimeUnit.SECONDS);
        goOn.countDown();
        Bench.join(close);
        Bench.await(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("bunary-open")));
        return new WeakReference<>(marker);
    }

    @Test
    void register_whileTheOrmCloses_keepsNothing() {
        Bench bench = Bench.patient();
        var factory = new DriverFactory() {
            @Override
            public DatabaseDriver create(DatabaseConfig config) {
                return new TinyDriver("any");
            }

            @Override
            public int ranking() {
                bench.close();
                return 0;
            }
        };

        assertThrows(DriverClosedException.class, () -> bench.connections.register("tiny", factory));

        assertEquals(List.of(), bench.connections.candidates(Bench.TINY));
    }

    private static final int ENDLESS = 8;
    private static final long DRAIN_MILLIS = 500;

    private static void assertWithinOneDrain(Runnable ending) {
        long begun = System.nanoTime();
        ending.run();
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        assertTrue(millis < ENDLESS * DRAIN_MILLIS / 2, "took " + millis + " ms, with one drain of " + DRAIN_MILLIS);
    }

    @Test
    void consumerScope_whatIsClosedFirstThrowsAnError_theRestIsClosedAllTheSame() {
        try (Bench bench = Bench.patient()) {
            var scope = new ConsumerScope("bundle shop [12]");
            scope.keepListener(() -> () -> {
                throw new NoClassDefFoundError("of a bundle that just went");
            });
            scope.register(bench.connections, "tiny", config -> new TinyDriver("any"));
            assertEquals("any", bench.answer());

            assertThrows(IllegalStateException.class, scope::close);

            assertEquals(List.of(), bench.connections.candidates(Bench.TINY));
        }
    }

    /** The framework waits for it while the bundle stops. */
    @Test
    void consumerScope_closedWithSeveralFactories_whoseWorkDoesNotEnd_takesOneDrainAndNotTheirSum() {
        var finish = new CountDownLatch(1);
        try (Bench bench = Bench.withTimeouts(20_000, DRAIN_MILLIS, 20_000)) {
            var scope = new ConsumerScope("bundle shop [12]");
            var all = new TreeMap<String, DatabaseConfig>();
            for (int number = 0; number < ENDLESS; number++) {
                all.put("connection " + number, DatabaseConfig.of("type " + number, Map.of()));
                scope.register(bench.connections, "type " + number, config -> new TinyDriver("any"));
            }
            bench.configure(all);
            all.keySet().forEach(connection -> beginEndlessWork(bench.connections.slot(connection), finish));

            assertWithinOneDrain(scope::close);
        } finally {
            finish.countDown();
        }
    }

    private static void beginEndlessWork(DriverSlot slot, CountDownLatch finish) {
        var inside = new CountDownLatch(1);
        Bench.async(() -> slot.transaction(TransactionOptions.READ_WRITE, tx -> {
            inside.countDown();
            Bench.await(finish);
            return 1;
        }));
        Bench.await(inside);
    }
}
