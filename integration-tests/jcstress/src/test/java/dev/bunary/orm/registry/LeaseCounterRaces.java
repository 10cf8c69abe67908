package dev.bunary.orm.registry;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/**
 * Promise 1: who enters sees the shut, or who shuts sees the count. Each outcome that is not listed is forbidden. Two actors each, as
 * jcstress leaves out what needs more processors than there are; {@link ThreadsRaceTest} has more threads.
 */
public final class LeaseCounterRaces {
    private LeaseCounterRaces() {}

    /** A counter, and whether the driver that it guards is closed. */
    static class Guarded {
        final LeaseCounter leases = new LeaseCounter();
        volatile boolean closed;

        /** Whether nothing was closed under a lease. */
        boolean work() {
            int stripe = leases.enter();
            if (stripe == LeaseCounter.REFUSED) {
                return true;
            }
            boolean wasOpen = !closed;
            Thread.onSpinWait();
            boolean isOpen = !closed;
            leases.leave();
            return wasOpen && isOpen;
        }

        /** Whether all left, and the last to leave woke this thread. */
        boolean swap() {
            Deadline limit = RaceState.limit();
            leases.shut();
            boolean emptied = leases.awaitEmpty(limit);
            closed = true;
            return emptied && !limit.hasPassed();
        }
    }

    /** One works, one swaps. */
    @JCStressTest
    @Outcome(id = "true, true, true", expect = ACCEPTABLE, desc = "open under the lease, woken in time, none leaked")
    @State
    public static class OneWorker extends Guarded {
        @Actor
        public void worker(ZZZ_Result result) {
            result.r1 = work();
        }

        @Actor
        public void swapper(ZZZ_Result result) {
            result.r2 = swap();
        }

        @Arbiter
        public void after(ZZZ_Result result) {
            result.r3 = RaceState.isEmpty(leases);
        }
    }

    /** A lease that another thread took, in a stripe that may be another's, is given back between two of one's own. */
    @JCStressTest
    @Outcome(id = "true, true, true", expect = ACCEPTABLE, desc = "open until given back, woken in time, none leaked")
    @State
    public static class ReleasedElsewhere extends Guarded {
        private final int taken = leases.enter();

        @Actor
        public void worker(ZZZ_Result result) {
            boolean own = work();
            boolean open = !closed;
            leases.leave(taken);
            result.r1 = open && own && work();
        }

        @Actor
        public void swapper(ZZZ_Result result) {
            result.r2 = swap();
        }

        @Arbiter
        public void after(ZZZ_Result result) {
            result.r3 = RaceState.isEmpty(leases);
        }
    }
}
