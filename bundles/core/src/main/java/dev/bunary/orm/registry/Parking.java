package dev.bunary.orm.registry;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseConfig;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One caller that waits for a driver: until when, and for which opening. Used by that caller's thread only. */
final class Parking {
    private final Deadline deadline;
    private @Nullable Opening watched;
    private final Set<Retirement> asked = new HashSet<>();

    Parking(Deadline deadline) {
        this.deadline = deadline;
    }

    Deadline deadline() {
        return deadline;
    }

    /** The first that this caller has not asked for a driver; it has now. Null if there is none. */
    @Nullable
    Retirement firstNew(List<Retirement> around) {
        for (Retirement each : around) {
            if (asked.add(each)) {
                return each;
            }
        }
        return null;
    }

    /** Whether this caller has asked all of these. */
    boolean knows(List<Retirement> around) {
        return asked.containsAll(around);
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
