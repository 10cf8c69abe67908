package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The races of jcstress once more, with more threads than it gives on a small machine, and so with all stripes in use. */
@Timeout(60)
class ThreadsRaceTest {

    @Test
    void enter_byManyThreads_whileShut_isNeverHeldAfterTheWait() throws Exception {
        try (var rounds = new RaceRounds("many threads enter")) {
            int played = rounds.play(() -> {
                var state = new LeaseCounterRaces.Guarded();
                Callable<Boolean> worker = () -> state.work() && state.work() && state.work();
                List<Boolean> held = rounds.race(worker, worker, worker, worker, state::swap);
                assertEquals(List.of(true, true, true, true, true), held);
                assertTrue(RaceState.isEmpty(state.leases));
            });
            assertTrue(played > 100, "rounds: " + played);
        }
    }

    @Test
    void leave_byOtherThreads_whileShut_emptiesEachStripe() throws Exception {
        try (var rounds = new RaceRounds("leases given back by other threads")) {
            int played = rounds.play(() -> {
                var state = new LeaseCounterRaces.Guarded();
                var handed = new AtomicInteger(LeaseCounter.REFUSED);
                Callable<Boolean> taker = () -> giveBack(state, handed.getAndSet(state.leases.enter()));
                Callable<Boolean> giver = () -> giveBack(state, handed.getAndSet(LeaseCounter.REFUSED));
                List<Boolean> open = rounds.race(taker, taker, taker, giver);
                assertEquals(List.of(true, true, true, true), open);
                List<Boolean> held = rounds.race(state::swap, giver);
                assertEquals(List.of(true, true), held);
                assertTrue(RaceState.isEmpty(state.leases));
            });
            assertTrue(played > 100, "rounds: " + played);
        }
    }

    /** Returns whether the driver was open until the lease was given back. */
    private static boolean giveBack(LeaseCounterRaces.Guarded state, int stripe) {
        boolean open = !state.closed;
        if (stripe != LeaseCounter.REFUSED) {
            state.leases.leave(stripe);
            return open;
        }
        return true;
    }

    @Test
    void pin_retainedReleasedAndAbandonedAtOnce_leavesOnce() throws Exception {
        try (var rounds = new RaceRounds("a pin retained, released and abandoned")) {
            int played = rounds.play(() -> {
                var state = new PinnedLeaseRaces.Pinned();
                rounds.race(
                        state::retainAndRelease,
                        state::retainAndRelease,
                        () -> {
                            state.pin.release();
                            return true;
                        },
                        () -> {
                            state.pin.abandon();
                            return true;
                        });
                assertTrue(state.hasLeft());
                assertFalse(state.pin.retain());
                assertFalse(state.pin.isAbandoned());
            });
            assertTrue(played > 100, "rounds: " + played);
        }
    }

    @Test
    void depart_whileManyOpen_knowsAllThatAreOpen() throws Exception {
        try (var rounds = new RaceRounds("a factory departs while many open")) {
            int played = rounds.play(() -> {
                Candidate candidate = RaceState.candidate();
                var open = new AtomicInteger();
                Callable<Boolean> opener = () -> {
                    if (candidate.beginOpening(false)) {
                        if (candidate.enter(RaceState.generation(candidate, new TinyDriver("a")), false)) {
                            open.incrementAndGet();
                        }
                        candidate.endOpening();
                    }
                    return true;
                };
                List<Boolean> known = rounds.race(opener, opener, opener, () -> {
                    Deadline limit = RaceState.limit();
                    int entered = candidate.depart().size();
                    candidate.awaitOpenings(limit);
                    return entered == open.get() && !limit.hasPassed();
                });
                assertEquals(List.of(true, true, true, true), known);
                assertEquals(open.get(), candidate.depart().size());
            });
            assertTrue(played > 100, "rounds: " + played);
        }
    }
}
