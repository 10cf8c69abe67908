package dev.bunary.orm.registry;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * A driver beside whatever serves a slot, for work that a retirement waits for: the slot's next driver may have to wait
 * for that very work. It joins the retirement, which closes it. The slot counts it as open from the moment it is asked
 * for, and all threads of that work use it. Safe for use by many threads.
 */
final class OwnDriver implements Place {
    private final SlotState state;
    private final Retirement within;
    private final Assignment assignment;
    private volatile @Nullable Generation opened;

    OwnDriver(SlotState state, Retirement within, Assignment assignment) {
        this.state = state;
        this.within = within;
        this.assignment = assignment;
    }

    Retirement within() {
        return within;
    }

    boolean isSameAs(OwnDriver other) {
        return within == other.within && assignment.equals(other.assignment);
    }

    /** Null before it is open. */
    @Nullable
    Generation opened() {
        return opened;
    }

    /** Whether it may still come in time. Called with the slot's lock held. */
    boolean isAwaited() {
        return opened == null && state.own().contains(this) && !within.isClosing();
    }

    /** Opens it. Called without a lock. */
    void open(Connections owner) {
        try {
            new Opening(assignment, owner.claims(), owner.timeouts(), this).start(this::openingEnded);
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
        if (failure != null) { // who waits goes on waiting with the others, and is told why if nobody opens one
            String connection = "connection '" + assignment.connection() + "'";
            SwapLog.log(Level.DEBUG, connection + ": no driver for work in flight", failure.cause());
        }
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
