package dev.bunary.orm.registry;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseConfig;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One caller that waits for a driver: until when, and for which opening. Used by that caller's thread only. */
final class Parking {
    private final Deadline deadline;
    private @Nullable Opening watched;
    private final Set<Generation> asked = new HashSet<>();
    private @Nullable DatabaseConfig wanted;
    private @Nullable OwnDriver own;

    Parking(Deadline deadline) {
        this.deadline = deadline;
    }

    Deadline deadline() {
        return deadline;
    }

    /** Begins anew if this is another configuration than the last time. */
    void want(DatabaseConfig config) {
        if (!config.equals(wanted)) {
            wanted = config;
            asked.clear();
            own = null;
        }
    }

    /** Whether the factory of this driver has been asked for one of the caller's own. */
    boolean hasAsked(Generation work) {
        return asked.contains(work);
    }

    void asks(Generation work) {
        asked.add(work);
    }

    /** From now on it waits for this too. */
    void await(OwnDriver driver) {
        own = driver;
    }

    /** Its own driver, once that is open; null if it is of another configuration. */
    @Nullable
    Generation own(@Nullable DatabaseConfig config) {
        return own == null || !own.config().equals(config) ? null : own.opened();
    }

    /** Why its own driver could not be opened; null if it was or may still be. */
    @Nullable
    DriverFailure ownFailure() {
        return own == null ? null : own.failure();
    }

    /** Whether a driver of its own may still come. Called with the slot's lock held. */
    boolean isAwaitingOwn() {
        return own != null && own.isAwaited();
    }

    /**
     * How long to wait for a driver of its own alone, which mostly comes at once, and may be the only one there is. Called
     * with the slot's lock held.
     */
    long ownFirst(DatabaseConfig config) {
        if (own == null || !own.isAwaited()) {
            return 0;
        }
        return whatIsWrongWith(config) == null ? own.headStart() : own.remaining();
    }

    /** Whether it has asked for a driver of its own. */
    boolean hasAskedOwn() {
        return own != null;
    }

    /** How long to wait at most for any change. Called with the slot's lock held. */
    long remaining() {
        long most = deadline.remaining();
        return own != null && own.isAwaited() ? Math.min(most, own.remaining()) : most;
    }

    void watch(Opening opening) {
        watched = opening;
    }

    /** What is wrong with the configuration, if the opening found that out: waiting longer would not help. */
    @Nullable
    ConfigurationException whatIsWrongWith(DatabaseConfig wanted) {
        boolean mine = watched != null && watched.config().equals(wanted);
        DriverFailure failure = mine ? watched.toldFailure() : null;
        return failure != null && failure.cause() instanceof ConfigurationException wrong ? wrong : null;
    }
}
