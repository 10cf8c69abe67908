package dev.bunary.orm.registry;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The factories that could not open a driver for one connection. Guarded by the lock of its slot. */
final class Quarantines {
    private final Map<Candidate, Quarantine> byCandidate = new HashMap<>();

    Quarantine add(Candidate candidate, DriverFailure failure) {
        Quarantine before = byCandidate.get(candidate);
        Quarantine now = before == null ? Quarantine.first(failure) : before.again(failure);
        byCandidate.put(candidate, now);
        return now;
    }

    @Nullable
    Quarantine of(Candidate candidate) {
        return byCandidate.get(candidate);
    }

    void remove(Candidate candidate) {
        byCandidate.remove(candidate);
    }

    void clear() {
        byCandidate.clear();
    }

    /** Something changed, so all may try again. */
    void retryNow() {
        byCandidate.replaceAll((candidate, quarantine) -> quarantine.retryNow());
    }

    /** The best factory that may try; null if there is none. */
    @Nullable
    Candidate firstAllowed(List<Candidate> candidates) {
        for (Candidate candidate : candidates) {
            Quarantine quarantine = byCandidate.get(candidate);
            if (quarantine == null || quarantine.isOver()) {
                return candidate;
            }
        }
        return null;
    }

    /** Nanoseconds until the first of these may try again; the longest time if there is none. */
    long nextRetry(List<Candidate> candidates) {
        long next = Long.MAX_VALUE;
        for (Candidate candidate : candidates) {
            Quarantine quarantine = byCandidate.get(candidate);
            if (quarantine != null) {
                next = Math.min(next, quarantine.remaining());
            }
        }
        return next;
    }

    /** Why the best of these could not open; null if none failed. */
    @Nullable
    DriverFailure lastFailure(List<Candidate> candidates) {
        for (Candidate candidate : candidates) {
            Quarantine quarantine = byCandidate.get(candidate);
            if (quarantine != null) {
                return quarantine.failure();
            }
        }
        return null;
    }
}
