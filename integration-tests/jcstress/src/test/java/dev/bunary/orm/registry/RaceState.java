package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.DriverFactory;
import java.time.Duration;
import java.util.Set;

/** What the races begin with, made without a registry of its own, as jcstress makes millions of them. */
final class RaceState {
    /** Whoever waits this long was not woken: a wait looks again at its end, so only the clock tells. */
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private static final DriverFactory FACTORY = config -> new TinyDriver("unused");

    private static final DriverRegistry HOME = new DriverRegistry();

    private RaceState() {}

    static Deadline limit() {
        return Deadline.in(LIMIT);
    }

    static Candidate candidate() {
        return new Candidate(new FactorySource(FACTORY, Set.of("tiny"), 0, "race", "", "race", 0, 0), HOME, null);
    }

    static Generation generation(Candidate candidate, DatabaseDriver driver) {
        var assignment = new Assignment("race", 1, candidate, Bench.TINY);
        return new Generation(assignment, driver, true, false, Set.of(), () -> {});
    }

    static Generation generation(DatabaseDriver driver) {
        return generation(candidate(), driver);
    }

    /** Whether each stripe is at zero now: neither a lease that leaked nor one that was given back twice. */
    static boolean isEmpty(LeaseCounter leases) {
        return leases.awaitEmpty(Deadline.in(Duration.ZERO));
    }

    static boolean isEmpty(Generation generation) {
        return generation.awaitDrained(Deadline.in(Duration.ZERO));
    }

    /** Uses the driver under a lease and gives that back. Returns whether the driver was still open all the time. */
    static boolean use(Lease lease) {
        try {
            lease.driver().exec("x");
            Thread.onSpinWait();
            lease.driver().exec("x");
            return true;
        } catch (DriverClosedException closed) {
            return false;
        } finally {
            lease.release();
        }
    }
}
