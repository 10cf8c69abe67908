package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.SwapStrategy;
import dev.bunary.orm.swap.DriverEvent;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server's next driver is opened beside the one that serves. */
@Timeout(60)
class OverlapTest {

    @Test
    void overlap_aBetterFactory_opensBesideTheOldDriver_whichServesMeanwhile() throws Exception {
        try (Bench bench = Bench.patient()) {
            var old = new TinyDriver("old");
            bench.announce(0, Bench.overlapping(config -> old));
            DatabaseDriver before = bench.slot().driver();
            var opening = new CountDownLatch(1);
            var goOn = new CountDownLatch(1);
            bench.announce(1, Bench.overlapping(config -> {
                opening.countDown();
                Bench.await(goOn);
                return new TinyDriver("new");
            }));
            Bench.await(opening);

            assertEquals("old", Bench.answer(before), "nobody waits");
            var asked = Bench.async(() -> bench.slot().driver());
            Bench.await(() -> bench.slot().status().parked() == 1);
            goOn.countDown();

            DatabaseDriver after = Bench.join(asked);
            assertNotSame(before, after);
            assertEquals("new", Bench.answer(after));
            assertEquals("new", Bench.answer(before));
            Bench.await(old::isClosed);
            assertEquals(0, old.usesAfterClose.get());
        }
    }

    @Test
    void overlap_theNewFactoryIsBroken_theOldDriverStays() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.announce(0, Bench.overlapping(config -> new TinyDriver("old")));
            DatabaseDriver before = bench.slot().driver();
            bench.announce(1, Bench.overlapping(config -> {
                throw new IllegalStateException("on purpose");
            }));
            bench.await(DriverEvent.Kind.QUARANTINED);

            assertSame(before, bench.slot().driver());
            assertEquals("old", bench.answer());
        }
    }

    @Test
    void overlap_theOldDriversTransaction_endsOnIt_whileOthersUseTheNewOne() throws Exception {
        try (Bench bench = Bench.patient()) {
            var old = new TinyDriver("old");
            bench.announce(0, Bench.overlapping(config -> old));
            bench.answer();
            String inside = bench.transaction(tx -> {
                bench.announce(1, Bench.overlapping(config -> new TinyDriver("new")));
                Bench.await(() -> Bench.async(bench::answer).join().equals("new"));
                return bench.slot()
                        .acquire()
                        .driver()
                        .query("x")
                        .get()
                        .orElseThrow()
                        .getString(0);
            });
            assertEquals("old", inside);
            Bench.await(old::isClosed);
        }
    }

    @Test
    void factory_thatCannotEvenTellItsStrategy_doesNotGetTheServingDriverEvicted() throws Exception {
        try (Bench bench = Bench.patient()) {
            bench.announce(0, config -> new TinyDriver("good"));
            DatabaseDriver before = bench.slot().driver();
            bench.announce(1, new DriverFactory() {
                @Override
                public DatabaseDriver create(DatabaseConfig config) {
                    return new TinyDriver("broken");
                }

                @Override
                public SwapStrategy swapStrategy(DatabaseConfig config) {
                    throw new IllegalStateException("on purpose");
                }
            });
            bench.await(DriverEvent.Kind.QUARANTINED);
            assertSame(before, bench.slot().driver());
        }
    }
}
