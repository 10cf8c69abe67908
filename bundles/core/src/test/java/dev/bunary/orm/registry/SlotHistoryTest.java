package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.bunary.orm.swap.DriverEvent;
import dev.bunary.orm.swap.DriverEvent.Kind;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Promise 15: what happened to a connection can be read afterwards. */
@Timeout(60)
class SlotHistoryTest {

    @Test
    void status_afterAnInPlaceUpdate_tellsWhoWaitedForHowMuch() throws Exception {
        try (Bench bench = Bench.patient()) {
            Instant begin = Instant.now();
            Candidate old = bench.announce(0, config -> new TinyDriver("old"));
            Lease held = bench.slot().acquire();
            var withdrawal = Bench.async(() -> {
                bench.registry.withdraw(old);
                return true;
            });
            bench.await(Kind.DRAINING);
            var caller = Bench.async(bench::answer);
            Bench.await(() -> bench.slot().status().parked() == 1);
            held.release();
            Bench.join(withdrawal);
            bench.announce(0, config -> new TinyDriver("new"));
            Bench.join(caller);

            List<DriverEvent> history = bench.slot().status().history();

            assertEquals(
                    List.of(Kind.BOUND, Kind.DRAINING, Kind.LOST, Kind.REBOUND),
                    history.stream().map(DriverEvent::kind).toList());
            DriverEvent rebound = history.get(3);
            assertEquals(2, rebound.generation());
            assertEquals(1, rebound.leases());
            assertEquals(1, rebound.parked());
            assertFalse(rebound.duration().isZero());
            assertFalse(rebound.time().isBefore(begin));
        }
    }

    @Test
    void status_afterManySwaps_keepsTheLatest() {
        try (Bench bench = Bench.patient()) {
            for (int swap = 0; swap < 30; swap++) {
                Candidate factory = bench.announce(0, config -> new TinyDriver("a"));
                bench.answer();
                bench.registry.withdraw(factory);
            }

            List<DriverEvent> history = bench.slot().status().history();

            assertEquals(20, history.size());
            assertEquals(30, history.get(19).generation());
        }
    }
}
