package dev.bunary.orm.registry;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Promises 1, 5 and 6 on generations: none is closed under work, and work inside work is never refused. */
public final class GenerationRaces {
    private GenerationRaces() {}

    /** Two generations of one factory that leave together. */
    static class Group {
        final TinyDriver one = new TinyDriver("one");
        final TinyDriver two = new TinyDriver("two");
        final Generation first = RaceState.generation(one);
        final Generation second = RaceState.generation(two);

        /** Whether both drained in time. */
        boolean swap() {
            Deadline limit = RaceState.limit();
            Retirement.begin(List.of(first, second), limit);
            boolean drained = first.awaitDrained(limit) && second.awaitDrained(limit);
            one.close();
            two.close();
            return drained && !limit.hasPassed();
        }

        boolean isEmpty() {
            return RaceState.isEmpty(first) && RaceState.isEmpty(second);
        }
    }

    /** A single operation meets the swap. */
    @JCStressTest
    @Outcome(id = "true, true, true", expect = ACCEPTABLE, desc = "refused or on an open driver; drained in time")
    @State
    public static class Operation extends Group {
        @Actor
        public void worker(ZZZ_Result result) {
            Lease lease = first.enter();
            result.r1 = lease == null || RaceState.use(lease);
        }

        @Actor
        public void swapper(ZZZ_Result result) {
            result.r2 = swap();
        }

        @Arbiter
        public void after(ZZZ_Result result) {
            result.r3 = isEmpty();
        }
    }

    /** A thread inside work on one generation works on the other, too. */
    @JCStressTest
    @Outcome(id = "true, true, true", expect = ACCEPTABLE, desc = "inner work was let in; drained in time")
    @State
    public static class WorkInsideWork extends Group {
        @Actor
        public void worker(ZZZ_Result result) {
            HeldLease outer = first.hold();
            if (outer == null) {
                result.r1 = true;
                return;
            }
            Lease inner = second.enter();
            boolean innerDone = inner != null && RaceState.use(inner);
            result.r1 = RaceState.use(outer) && innerDone;
        }

        @Actor
        public void swapper(ZZZ_Result result) {
            result.r2 = swap();
        }

        @Arbiter
        public void after(ZZZ_Result result) {
            result.r3 = isEmpty();
        }
    }

    /** Work on a generation that was closed by force ends while the next one works. */
    @JCStressTest
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "the forced one is empty, the next one counts its own")
    @State
    public static class LateRelease {
        private final Generation forced = RaceState.generation(new TinyDriver("forced"));
        private final Generation next = RaceState.generation(new TinyDriver("next"));
        private final HeldLease late = forced.hold();

        @Actor
        public void worker() {
            late.release();
        }

        @Actor
        public void swapper() {
            Retirement.begin(List.of(forced), RaceState.limit());
            forced.force();
            next.hold();
        }

        @Arbiter
        public void after(ZZ_Result result) {
            result.r1 = RaceState.isEmpty(forced);
            result.r2 = next.leases() == 1 && next.enter() != null;
        }
    }
}
