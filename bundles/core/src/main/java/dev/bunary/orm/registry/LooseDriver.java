package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DriverClosedException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A driver that serves no connection: left to its owner by a reset, or never cached. */
final class LooseDriver extends DriverSource {
    private final Generation generation;
    private final Duration drainTimeout;

    LooseDriver(String connection, Generation generation, Duration drainTimeout) {
        super(connection);
        this.generation = generation;
        this.drainTimeout = drainTimeout;
    }

    @Override
    Lease enter() {
        return usable(generation.enter());
    }

    @Override
    HeldLease hold() {
        return usable(generation.hold());
    }

    @Override
    void close(LeaseCounter ifStill) {
        Retirement.begin(List.of(generation), Deadline.in(drainTimeout)).finish();
    }

    private <L extends Lease> L usable(@Nullable L lease) {
        if (lease == null) {
            throw new DriverClosedException("connection '" + connection() + "': this driver is closed, by its owner or"
                    + " because its factory left; ask getDriver() or createDriver() for a new one");
        }
        return lease;
    }
}
