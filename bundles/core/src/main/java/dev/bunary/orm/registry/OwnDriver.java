package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DatabaseConfig;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A driver beside whatever serves a slot, for work that a retirement waits for: the slot's next driver may have to wait
 * for that very work. It joins the retirement, which closes it. The slot counts it as open from the moment it is asked
 * for, and all threads of that work use it. Safe for use by many threads.
 */
final class OwnDriver implements Place {
    private static final Duration HEAD_START = Duration.ofMillis(100);

    private final SlotState state;
    private final Retirement within;
    private final Assignment assignment;
    private final Opening opening;
    private volatile @Nullable Generation opened;

    OwnDriver(SlotState state, Retirement within, Assignment assignment, Connections owner) {
        this.state = state;
        this.within = within;
        this.assignment = assignment;
        this.opening = new Opening(assignment, owner.claims(), owner.timeouts(), this);
    }

    Retirement within() {
        return within;
    }

    boolean isSameAs(OwnDriver other) {
        return within == other.within && assignment.equals(other.assignment);
    }

    DatabaseConfig config() {
        return assignment.config();
    }

    /** Null before it is open. */
    @Nullable
    Generation opened() {
        return opened;
    }

    /** Why it could not be opened; null if it was or may still be. */
    @Nullable
    DriverFailure failure() {
        return opening.failure();
    }

    /** Whether it may still come in time. Called with the slot's lock held. */
    boolean isAwaited() {
        return opened == null && state.own().contains(this) && remaining() > 0;
    }

    /** How long nothing else is opened for the same callers, in nanoseconds: mostly this comes at once. */
    long headStart() {
        return HEAD_START.toNanos() - opening.deadline().elapsed();
    }

    /** How long it may still be waited for, in nanoseconds. */
    long remaining() {
        return Math.min(within.remaining(), opening.deadline().remaining());
    }

    /** Opens it. Called without a lock. */
    void open() {
        try {
            opening.start(this::openingEnded);
        } catch (Error noThread) {
            changed(true);
            throw noThread;
        }
    }

    /** Takes in what is opened, before its factory knows of it: a departure would take it for its own. */
    void receive(Generation generation) {
        generation.moveTo(this);
        generation.beginRetirement(within);
    }

    private void openingEnded(@Nullable Generation generation, @Nullable DriverFailure failure) {
        opened = generation;
        changed(generation == null);
    }

    @Override
    public void closed(Generation ended) {
        changed(true);
    }

    @Override
    public void stuck(Generation ended, DriverFailure failure) {
        changed(true);
        Place.super.stuck(ended, failure);
    }

    private void changed(boolean gone) {
        state.lock();
        try {
            if (gone) {
                state.own().remove(this);
            }
            state.wakeAll();
        } finally {
            state.unlockAndTell();
        }
    }
}
