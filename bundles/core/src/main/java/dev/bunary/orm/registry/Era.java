package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DriverClosedException;
import org.jspecify.annotations.Nullable;

/**
 * What all handles have in common that were given out between two resets, closes or moves to another database. While it
 * lasts they follow the connection through swaps; when it ends they share one fate. Safe for use by many threads.
 *
 * <pre>
 * following --resetDriver--> detached, to the driver of that moment
 *     |-----closeDriver----> closed
 *     '--other database----> stale
 * </pre>
 */
final class Era {
    private volatile DriverSource source;
    private volatile @Nullable String ended;

    Era(DriverSource source) {
        this.source = source;
    }

    void detach(LooseDriver driver) {
        source = driver;
    }

    /** Ends it. The reason is what its handles say from now on. */
    void end(String reason) {
        ended = reason;
    }

    /** Where the leases come from now; throws once the era has ended. */
    DriverSource source() {
        String reason = ended;
        if (reason != null) {
            throw new DriverClosedException(reason);
        }
        return source;
    }

    /** Where the leases come from now; null once the era has ended. */
    @Nullable
    DriverSource sourceUnlessEnded() {
        return ended == null ? source : null;
    }

    /** Whether the leases still come from where they came from. */
    boolean isStill(DriverSource known) {
        return ended == null && source == known;
    }
}
