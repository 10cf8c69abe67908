package dev.bunary.orm.soak;

import java.time.Duration;

/**
 * One swap as the load and the ORM's events saw it.
 *
 * @param name what was done
 * @param generation the generation that serves after it
 * @param from the driver that served before it, with version and origin
 * @param to the driver that serves after it
 * @param engineFrom the database library's version before it
 * @param engineTo the database library's version after it
 * @param leases units of work that were drained
 * @param parked callers that waited for the new driver
 * @param drain how long the drain took
 * @param took how long the swap took for whoever made it
 * @param pauses how it held the load up
 */
public record SwapReport(
        String name,
        long generation,
        String from,
        String to,
        String engineFrom,
        String engineTo,
        long leases,
        int parked,
        Duration drain,
        Duration took,
        Pauses pauses) {

    /** Two lines for a person. */
    @Override
    public String toString() {
        String engine = engineFrom.equals(engineTo) ? "" : ", SQLite " + engineFrom + " -> " + engineTo;
        String driver = from.equals(to) ? to + " opened anew" : from + " -> " + to;
        return "%s: generation %d, %s%s%n     drained %d leases in %s, %d callers parked; pause %s"
                .formatted(name, generation, driver, engine, leases, Pauses.millis(drain), parked, pauses);
    }
}
