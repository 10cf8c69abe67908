package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.swap.DriverStatus;
import dev.bunary.orm.swap.FactoryInfo;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Promise 12: a pinned factory serves whatever arrives. */
@Timeout(60)
class PinnedFactoryTest {

    @Test
    void pin_ofALowerFactory_swapsToIt_andUnpinSwapsBack() {
        try (Bench bench = Bench.patient()) {
            bench.announce(1, config -> new TinyDriver("higher"));
            Candidate lower = bench.announce(0, config -> new TinyDriver("lower"));
            assertEquals("higher", bench.answer());

            bench.slot().pin(lower.info());
            Bench.await(() -> bench.answer().equals("lower"));
            assertEquals(
                    "serves, pinned", bench.slot().status().candidates().get(0).reason());

            bench.slot().unpin();
            Bench.await(() -> bench.answer().equals("higher"));
        }
    }

    @Test
    void pin_thenABetterFactoryComes_stays() {
        try (Bench bench = Bench.patient()) {
            Candidate pinned = bench.announce(0, config -> new TinyDriver("pinned"));
            DatabaseDriver before = bench.slot().driver();
            bench.slot().pin(pinned.info());

            bench.announce(9, config -> new TinyDriver("better"));

            assertSame(before, bench.slot().driver());
            assertEquals("pinned", bench.answer());
        }
    }

    @Test
    void pin_whileItsFactoryIsAway_othersServe_andItServesAgainWhenItIsBack() {
        try (Bench bench = Bench.patient()) {
            Candidate pinned = bench.announce(0, config -> new TinyDriver("pinned"));
            bench.announce(1, config -> new TinyDriver("other"));
            bench.slot().pin(pinned.info());
            Bench.await(() -> bench.answer().equals("pinned"));

            bench.registry.withdraw(pinned);
            assertEquals("other", bench.answer());

            bench.announce(0, config -> new TinyDriver("pinned, updated"));
            Bench.await(() -> bench.answer().equals("pinned, updated"));
        }
    }

    /** Two module layers of one driver, or two services of one bundle. */
    @Test
    void pin_thenABetterOneOfTheSameNameAndOriginComes_stays() {
        try (Bench bench = Bench.patient()) {
            bench.announce(0, config -> new TinyDriver("pinned"));
            assertEquals("pinned", bench.answer());
            bench.slot().pin(bench.slot().status().candidates().get(0).factory());

            bench.announce(0, config -> new TinyDriver("later"));

            assertEquals("pinned", bench.answer());
            assertEquals(
                    List.of("serves, pinned", "another is preferred"),
                    bench.slot().status().candidates().stream()
                            .map(DriverStatus.Candidate::reason)
                            .toList());
        }
    }

    @Test
    void pin_ofAFactoryThatIsNotThere_namesThoseThatAre() {
        try (Bench bench = Bench.patient()) {
            bench.announce(0, config -> new TinyDriver("a"));
            var unknown = new FactoryInfo("elsewhere", "1", "bundle 99", 0);

            var failure = assertThrows(
                    ConfigurationException.class, () -> bench.slot().pin(unknown));

            assertTrue(failure.getMessage().contains("elsewhere"), failure.getMessage());
            assertTrue(failure.getMessage().contains("[test 1.0"), failure.getMessage());
        }
    }
}
