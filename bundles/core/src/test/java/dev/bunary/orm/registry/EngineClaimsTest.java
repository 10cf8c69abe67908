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
