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
    private final Set<Retirement> asked = new HashSet<>();

    Parking(Deadline deadline) {
        this.deadline = deadline;
    }

    Deadline deadline() {
        return deadline;
    }

    /** Whether it is the first time that the caller asks this one for a driver. */
    boolean isFirstIn(Retirement leaving) {
        return asked.add(leaving);
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
