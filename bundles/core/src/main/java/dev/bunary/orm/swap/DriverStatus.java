package dev.bunary.orm.swap;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What one connection's driver is doing at one moment. Holds no secrets.
 *
 * @param connection the connection's name
 * @param type the configured database type
 * @param state what the connection's place for a driver is doing
 * @param generation the number of the latest driver, 0 if none was opened yet
 * @param factory the factory of the current driver
 * @param candidates the factories for this type, best first, each with the reason why it does not serve
 * @param leases units of work now in flight
 * @param parked callers now waiting for a driver
 * @param longest the transaction, stream or row reader that has been open longest
 * @param history what happened to it, oldest first: the last 20 events with drain times and parked callers
 */
public record DriverStatus(
        String connection,
        String type,
        DriverState state,
        long generation,
        Optional<FactoryInfo> factory,
        List<Candidate> candidates,
        long leases,
        int parked,
        Optional<Holder> longest,
        List<DriverEvent> history) {

    /** Copies the lists. */
    public DriverStatus {
        candidates = List.copyOf(candidates);
        history = List.copyOf(history);
    }

    /**
     * A factory that could serve.
     *
     * @param factory where it comes from
     * @param reason why it does not serve now, or {@code serves}
     */
    public record Candidate(FactoryInfo factory, String reason) {}

    /**
     * A unit of work that a swap has to wait for.
     *
     * @param thread the name of the thread that began it
     * @param age how long ago it began
     */
    public record Holder(String thread, Duration age) {}
}
