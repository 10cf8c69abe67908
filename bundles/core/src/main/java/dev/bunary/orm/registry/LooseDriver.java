package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DriverClosedException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A driver that serves no connection: left to its owner by a reset, or never cached. Safe for use by many threads. */
final class LooseDriver extends DriverSource implements Place {
    private final Connections owner;

    /** Null once it is closed: a handle may be kept for long, and would keep the driver's classes. */
    private volatile @Nullable Generation generation;

    private LooseDriver(String connection, Generation generation, Connections owner) {
        super(connection);
        this.generation = generation;
        this.owner = owner;
    }

    /** Becomes the place of a generation. */
    static LooseDriver of(String connection, Generation generation, Connections owner) {
        var loose = new LooseDriver(connection, generation, owner);
        generation.moveTo(loose);
        if (generation.isClosed()) { // before it was told of this place
            loose.closed(generation);
        }
        return loose;
    }

    @Override
    Lease enter() {
        Generation open = generation;
        return usable(open == null ? null : open.enter());
    }

    @Override
    HeldLease hold() {
        Generation open = generation;
        return usable(open == null ? null : open.hold());
    }

    private <L extends Lease> L usable(@Nullable L lease) {
        if (lease == null) {
            throw new DriverClosedException("connection '" + connection() + "': this driver is closed, by its owner or"
                    + " because its factory left; ask getDriver() or createDriver() for a new one");
        }
        return lease;
    }

    @Override
    boolean isShared() {
        return false;
    }

    @Override
    void close(LeaseCounter ifStill) {
        Generation open = generation;
        if (open != null) {
            owner.beginRetirement(open).finish();
        }
    }

    @Override
    public void forced(Generation ended, Set<PinnedLease> holders) {
        SwapLog.log(
                System.Logger.Level.WARNING,
                "connection '" + connection() + "': a driver that serves it no more was not drained in time and"
                        + " is closed under its work" + PinnedLease.describe(holders));
    }

    @Override
    public void closed(Generation ended) {
        generation = null;
    }
}
