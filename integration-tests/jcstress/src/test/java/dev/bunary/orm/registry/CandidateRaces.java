package dev.bunary.orm.registry;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Promise 7: a factory that departs leaves no driver open, whatever it was opening. */
public final class CandidateRaces {
    private CandidateRaces() {}

    /** One opens a driver while its factory departs. */
    @JCStressTest
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "known or refused when the factory has departed; not late")
    @State
    public static class DepartWhileOpening {
        private final Candidate candidate = RaceState.candidate();
        private final TinyDriver driver = new TinyDriver("a");
        private volatile boolean open;

        @Actor
        public void opener() {
            if (candidate.beginOpening(false)) {
                open = true;
                open = candidate.enter(RaceState.generation(candidate, driver), false);
                candidate.endOpening();
            }
        }

        @Actor
        public void swapper(ZZ_Result result) {
            Deadline limit = RaceState.limit();
            int known = candidate.depart().size();
            candidate.awaitOpenings(limit);
            result.r1 = known == (open ? 1 : 0) && !limit.hasPassed();
        }

        @Arbiter
        public void after(ZZ_Result result) {
            int known = candidate.depart().size();
            // none was opened after the departure, and none that comes now gets in
            result.r2 = known == (open ? 1 : 0) && !candidate.beginOpening(false);
        }
    }
}
