package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.swap.DriverStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which factory is to serve a slot: a pinned one, else by precedence, and none in quarantine. Guarded by the slot's lock. */
final class Choice {
    private final Connections owner;
    private final SlotState state;
    private final Quarantines quarantines = new Quarantines();
    private @Nullable Pin pin;

    Choice(Connections owner, SlotState state) {
        this.owner = owner;
        this.state = state;
    }

    Quarantines quarantines() {
        return quarantines;
    }

    /** Prefers a factory to all others from now on; null for none. */
    void pin(@Nullable Pin wanted) {
        pin = wanted;
    }

    /** The factories that serve, best first. */
    List<Candidate> candidates(DatabaseConfig wanted) {
        List<Candidate> candidates = owner.candidates(wanted);
        return pin == null ? candidates : pin.first(candidates);
    }

    /** Whether somebody chose another factory for this connection, by a pin or by registering it for this Orm. */
    boolean isMeantForAnother(Candidate candidate, DatabaseConfig wanted) {
        List<Candidate> candidates = candidates(wanted);
        if (candidates.isEmpty() || candidates.get(0) == candidate) {
            return false;
        }
        Candidate best = candidates.get(0);
        return pin != null && pin.holds(best) && !pin.hasHeld(candidate) || best.isOf(owner) && !candidate.isOf(owner);
    }

    /** The factory that is to serve instead of the current driver; null if that is right as it is. */
    @Nullable
    Candidate betterThanCurrent() {
        Generation serving = state.current();
        DatabaseConfig wanted = state.config();
        if (!state.isBound() || serving == null || wanted == null) {
            return null;
        }
        for (Candidate candidate : candidates(wanted)) {
            Quarantine quarantine = quarantines.of(candidate);
            if (quarantine == null || quarantine.isOver()) {
                return stays(serving, candidate, wanted) ? null : candidate;
            }
            if (candidate == serving.candidate()) {
                return null; // it failed with a changed configuration: that is no reason for a lesser one
            }
        }
        return null;
    }

    private static boolean stays(Generation serving, Candidate best, DatabaseConfig wanted) {
        return serving.holdsData()
                || best == serving.candidate() && serving.config().equals(wanted);
    }

    /** The best of those in quarantine that would be preferred to this one; null if there is none. */
    @Nullable
    Candidate failedBefore(Candidate serving, DatabaseConfig wanted) {
        for (Candidate candidate : candidates(wanted)) {
            if (candidate == serving) {
                return null;
            }
            if (quarantines.of(candidate) != null) {
                return candidate;
            }
        }
        return null;
    }

    /** Whether another factory may open a driver now. */
    boolean hasOther(Candidate candidate, DatabaseConfig wanted) {
        for (Candidate other : candidates(wanted)) {
            Quarantine quarantine = quarantines.of(other);
            if (other != candidate && (quarantine == null || quarantine.isOver())) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether the serving driver is to be taken from its callers for this one: not for another try of a factory that
     * failed, unless something changed since.
     */
    boolean isWorthAnEviction(Candidate candidate) {
        Quarantine quarantine = quarantines.of(candidate);
        return quarantine == null || quarantine.lifted();
    }

    /** Why there is no driver: the current one does not close, or the best factory failed; null if nothing did. */
    @Nullable
    DriverFailure lastFailure(DatabaseConfig wanted) {
        DriverFailure stuck = state.stuckBy();
        return stuck != null ? stuck : quarantines.lastFailure(candidates(wanted));
    }

    /** The candidates, each with the reason why it does not serve. */
    List<DriverStatus.Candidate> explain(DatabaseConfig wanted) {
        return candidates(wanted).stream()
                .map(candidate -> new DriverStatus.Candidate(candidate.info(), reason(candidate)))
                .toList();
    }

    private String reason(Candidate candidate) {
        return reasonOfItself(candidate) + (pin != null && pin.holds(candidate) ? ", pinned" : "");
    }

    private String reasonOfItself(Candidate candidate) {
        Generation now = state.current();
        boolean serves = now != null && now.candidate() == candidate;
        Quarantine quarantine = quarantines.of(candidate);
        if (quarantine != null) {
            return (serves ? "serves; its next driver is " : "") + "quarantined after " + quarantine.failures()
                    + " failures: " + quarantine.failure().reason();
        }
        if (serves) {
            return "serves";
        }
        if (now != null && now.holdsData()) {
            return "the current driver holds the data";
        }
        return now == null ? "not opened yet" : "another is preferred";
    }
}
