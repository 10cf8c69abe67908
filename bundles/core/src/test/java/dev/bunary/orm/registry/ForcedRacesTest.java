package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Promise 6 at the deadline itself: what is given up knows it, and nothing is given up that is drained. */
@Timeout(60)
class ForcedRacesTest {
    private static Generation generation() {
        var candidate = new Candidate(
                new FactorySource(config -> new TinyDriver("any"), Set.of("tiny"), 0, "test", "1.0", "test", 0, 0),
                new DriverRegistry(),
                null);
        return new Generation(
                new Assignment("default", 1, candidate, Bench.TINY),
                new TinyDriver("any"),
                true,
                false,
                Set.of(),
                () -> {});
    }

    private static Deadline now() {
        return Deadline.in(Duration.ZERO);
    }

    @Test
    void hold_atTheMomentOfTheDeadline_isRefusedOrGivenUp() throws Exception {
        int rounds = 50_000;
        var generations = new Generation[rounds];
        Arrays.setAll(generations, any -> generation());
        var round = new AtomicInteger(-1);
        var forced = new AtomicInteger(-1);
        var other = Bench.async(() -> {
            for (int mine = 0; mine < rounds; mine++) {
                while (round.get() < mine) {
                    Thread.onSpinWait();
                }
                Retirement.begin(List.of(generations[mine]), now());
                generations[mine].force();
                forced.set(mine);
            }
            return true;
        });
        int kept = 0;
        for (int mine = 0; mine < rounds; mine++) {
            round.set(mine);
            HeldLease lease = generations[mine].hold();
            while (forced.get() < mine) {
                Thread.onSpinWait();
            }
            kept += lease == null || lease.root().isAbandoned() ? 0 : 1;
        }
        Bench.join(other);
        assertEquals(0, kept, "units of work that do not know that a swap gave them up");
    }

    @Test
    void awaitEmpty_ofADrainedCounter_isNotMistakenAboutWhoIsRefused() throws Exception {
        var counter = new LeaseCounter();
        counter.shut();
        assertTrue(counter.awaitEmpty(now()));
        var end = new AtomicBoolean();
        var refused = Bench.async(() -> {
            while (!end.get()) {
                assertEquals(LeaseCounter.REFUSED, counter.enter());
            }
            return true;
        });

        int mistaken = 0;
        for (int round = 0; round < 200_000; round++) {
            mistaken += counter.awaitEmpty(now()) ? 0 : 1;
        }
        end.set(true);
        Bench.join(refused);
        assertEquals(0, mistaken);
    }
}
