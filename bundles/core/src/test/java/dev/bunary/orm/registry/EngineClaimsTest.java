package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.swap.DriverEvent;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

/** Copies of engines, as factories tell them apart. */
final class EngineClaimsTest {
    private final EngineClaims claims = new EngineClaims();

    private Runnable claim(Object copy, String description) {
        return claims.claim("app", copy, description, Deadline.in(Duration.ZERO), () -> false);
    }

    /** One class, and so one class loader, for drivers of several engines. */
    private record Announced(Object copy, String answer) implements DriverFactory {
        @Override
        public DatabaseDriver create(DatabaseConfig config) {
            return new TinyDriver(answer);
        }

        @Override
        public Object engineCopy(DatabaseConfig config) {
            return copy;
        }
    }

    @Test
    void claim_bySecondCopy_isRefusedUntilTheFirstHasGivenAllBack() {
        var first = new Object();
        var second = new Object();
        Runnable one = claim(first, "first");
        Runnable two = claim(first, "first");
        one.run();
        var refused = assertThrows(IllegalStateException.class, () -> claim(second, "second"));
        assertTrue(refused.getMessage().contains("'app' is in use by first"), refused::getMessage);
        two.run();
        claim(second, "second").run();
    }

    /** Nobody is overlooked when a claim ends, and two copies never have theirs at once. */
    @Test
    void claim_byManyThreadsOfThreeCopies_isNeverHeldByTwoCopiesAndReachesAll() throws Exception {
        var open = new AtomicIntegerArray(3);
        var together = new AtomicInteger();
        var start = new CountDownLatch(1);
        var workers = new ArrayList<CompletableFuture<Integer>>();
        List<Object> copies = List.of(new Object(), new Object(), new Object());
        for (int worker = 0; worker < 6; worker++) {
            int mine = worker % 3;
            workers.add(Bench.async(() -> {
                Bench.await(start);
                for (int i = 0; i < 2_000; i++) {
                    Runnable release = claims.claim(
                            "raced",
                            copies.get(mine),
                            "copy " + mine,
                            Deadline.in(Duration.ofSeconds(Bench.LIMIT_SECONDS)),
                            () -> false);
                    open.incrementAndGet(mine);
                    if (open.get((mine + 1) % 3) + open.get((mine + 2) % 3) > 0) {
                        together.incrementAndGet();
                    }
                    open.decrementAndGet(mine);
                    release.run();
                }
                return 2_000;
            }));
        }

        start.countDown();

        for (CompletableFuture<Integer> worker : workers) {
            assertEquals(2_000, Bench.join(worker));
        }
        assertEquals(0, together.get());
        claim(new Object(), "a new one").run();
    }

    @Test
    void claim_givenBack_keepsNothingOfTheCopy() {
        var loader = new ClassLoader(getClass().getClassLoader()) {};
        var seen = new WeakReference<>(loader);
        Runnable claim = claim(loader, "first");
        loader = null;
        claim.run();
        Bench.await(() -> {
            System.gc();
            return seen.refersTo(null);
        });
        Reference.reachabilityFence(claim); // a closed generation keeps it
    }

    @Test
    void engineCopy_toldByFactoriesOfOneLoader_isRefusedBesideAnother() throws Exception {
        try (Bench bench = Bench.withTimeouts(20_000, 200, 20_000)) {
            bench.announce(0, new Announced(new Object(), "first copy"));
            bench.answer();
            DatabaseDriver detached = bench.slot().driver();
            bench.slot().resetDriver(); // still open, so still the one copy
            bench.announce(1, new Announced(new Object(), "second copy"));

            assertEquals("first copy", bench.answer());
            assertTrue(bench.await(DriverEvent.Kind.QUARANTINED).message().contains("in use by"));
            detached.close();
        }
    }
}
