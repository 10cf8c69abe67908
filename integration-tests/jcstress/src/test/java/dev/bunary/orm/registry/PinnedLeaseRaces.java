package dev.bunary.orm.registry;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Promises 5 and 6: a pin leaves its generation once, with its last reference or when a swap gives up on it. */
public final class PinnedLeaseRaces {
    private PinnedLeaseRaces() {}

    /** A generation with one pin. */
    static class Pinned {
        final Generation generation = RaceState.generation(new TinyDriver("a"));
        final PinnedLease pin = (PinnedLease) generation.hold();

        /** Whether the generation counts the pin while this thread has a reference to it. */
        boolean retainAndRelease() {
            if (!pin.retain()) {
                return true;
            }
            boolean counted = generation.leases() == 1;
            pin.release();
            return counted;
        }

        boolean hasLeft() {
            return RaceState.isEmpty(generation) && generation.longestPin().isEmpty();
        }
    }

    /** Work inside a unit of work begins while that unit ends. */
    @JCStressTest
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "counted while referred to, left once")
    @State
    public static class RetainWhileReleased extends Pinned {
        @Actor
        public void inside(ZZ_Result result) {
            result.r1 = retainAndRelease();
        }

        @Actor
        public void owner() {
            pin.release();
        }

        @Arbiter
        public void after(ZZ_Result result) {
            result.r2 = hasLeft();
        }
    }

    /** A swap gives up on a unit of work while that and the work inside it end. */
    @JCStressTest
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "left once, and not called abandoned after its end")
    @State
    public static class AbandonWhileReleased extends Pinned {
        @Actor
        public void owner() {
            retainAndRelease(); // not counted, if the swap was first
            pin.release();
        }

        @Actor
        public void swapper() {
            pin.abandon();
        }

        @Arbiter
        public void after(ZZ_Result result) {
            result.r1 = hasLeft();
            result.r2 = !pin.isAbandoned();
        }
    }
}
