package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.registry.SlotEvents.Drained;
import dev.bunary.orm.swap.DriverEvent.Kind;
import dev.bunary.orm.swap.DriverState;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A slot's generation on its way out, step by step. Safe for use by many threads. */
final class Departure implements Place {
    private final String connection;
    private final Connections owner;
    private final SlotState state;
    private final SlotEvents events;

    // ---- guarded by the slot's lock
    private @Nullable Deadline clock;
    private Drained cost = Drained.NOTHING;

    Departure(String connection, Connections owner, SlotState state, SlotEvents events) {
        this.connection = connection;
        this.owner = owner;
        this.state = state;
        this.events = events;
    }

    /** What the last drain cost, once. Called with the slot's lock held. */
    Drained takeCost() {
        Drained taken = cost;
        cost = Drained.NOTHING;
        return taken;
    }

    @Override
    public void draining(Generation generation, long leases) {
        state.lock();
        try {
            if (state.current() == generation && state.isBound()) {
                state.drain();
                clock = Deadline.in(Duration.ZERO);
                cost = new Drained(leases, Duration.ZERO, 0);
                events.note(Kind.DRAINING, generation, cost, " draining " + leases + " leases");
            }
        } finally {
            state.unlockAndTell();
        }
    }

    @Override
    public void forced(Generation generation, Set<PinnedLease> holders) {
        state.lock();
        try {
            long ended = generation.leases() + holders.size(); // these are not counted any more
            events.note(
                    Kind.FORCED,
                    generation,
                    new Drained(ended, owner.timeouts().drain(), state.parked()),
                    ": generation " + generation.number() + " was not drained in time and is closed under " + ended
                            + " open units of work" + PinnedLease.describe(holders));
        } finally {
            state.unlockAndTell();
        }
    }

    @Override
    public void closing(Generation generation) {
        state.lock();
        try {
            if (state.current() == generation && state.doing() == DriverState.DRAINING) {
                state.close();
                if (clock != null) {
                    cost = new Drained(cost.leases(), Duration.ofNanos(clock.elapsed()), state.parked());
                }
            }
        } finally {
            state.unlockAndTell();
        }
    }

    @Override
    public void closed(Generation generation) {
        state.lock();
        try {
            state.forgetPredecessor(generation);
            if (state.current() == generation) {
                noteLoss(generation);
                state.letGo();
            }
        } finally {
            state.unlockAndTell();
        }
    }

    private void noteLoss(Generation generation) {
        DatabaseConfig wanted = state.config();
        if (state.isClosing() || wanted == null || !generation.hasServed()) {
            return;
        }
        if (generation.holdsData() && generation.candidate().hasDeparted()) {
            state.loseData("connection '" + connection + "': its data lived in the driver of " + generation.candidate()
                    + ", which is gone; call closeDriver() or resetDriver() to begin with an empty database");
        }
        if (owner.candidates(wanted).isEmpty()) {
            events.note(Kind.LOST, generation, Drained.NOTHING, " is gone, and no other factory serves this type yet");
        }
    }

    @Override
    public void stuck(Generation generation, DriverFailure failure) {
        state.lock();
        try {
            state.forgetPredecessor(generation);
            stick(generation, failure);
        } finally {
            state.unlockAndTell();
        }
        Place.super.stuck(generation, failure);
    }

    /** Called with the slot's lock held. */
    void stick(Generation generation, DriverFailure failure) {
        boolean leaving = state.doing() == DriverState.DRAINING || state.doing() == DriverState.CLOSING;
        if (state.current() == generation && leaving) {
            state.stick(failure);
            if (!generation.isExclusive()) {
                state.letGo(); // a server does not mind a second session beside one that hangs
            }
        }
    }
}
