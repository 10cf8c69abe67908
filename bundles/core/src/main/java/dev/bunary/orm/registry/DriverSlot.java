package dev.bunary.orm.registry;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.swap.DriverState;
import dev.bunary.orm.swap.DriverStatus;
import dev.bunary.orm.swap.FactoryInfo;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A named connection and the driver that serves it now. Its parts are what it is doing ({@link SlotState}), the callers
 * that wait ({@link Callers}), which factory is to serve ({@link Choice}), how its driver takes over
 * ({@link Succession}) and how the last one goes ({@link Departure}). Safe for use by many threads.
 */
public final class DriverSlot extends DriverSource {
    final SlotState state;
    private final Connections owner;
    private final SlotEvents events;
    private final Choice choice;
    final Succession succession;
    private final Callers callers;

    DriverSlot(String connection, Connections owner) {
        super(connection);
        this.owner = owner;
        this.events = new SlotEvents(connection, owner.events());
        this.state = new SlotState(this, events);
        this.choice = new Choice(owner, state);
        var departure = new Departure(connection, owner, state, events);
        this.succession = new Succession(connection, owner, state, events, departure, choice);
        this.callers = new Callers(connection, owner, state, choice, succession);
    }

    // ---- leases

    @Override
    Lease enter() {
        Lease nested = state.inWorkOnAPredecessor();
        if (nested != null) {
            return nested;
        }
        Generation now = state.current();
        Lease lease = now == null ? null : now.enter();
        return lease != null ? lease : callers.enter(Generation::enter);
    }

    @Override
    HeldLease hold() {
        HeldLease nested = state.inWorkOnAPredecessor();
        if (nested != null) {
            return nested;
        }
        Generation now = state.current();
        HeldLease lease = now == null ? null : now.hold();
        return lease != null ? lease : callers.enter(Generation::hold);
    }

    @Override
    boolean isShared() {
        return true;
    }

    // ---- the cached driver

    /** The cached handle; opens a driver if there is none, and waits for one that is about to take over. */
    public DatabaseDriver driver() {
        DriverHandle now = state.handle();
        return now != null && now.isCurrent() ? now : callers.settledDriver();
    }

    /** Drains and closes the cached driver; its handles throw from now on. */
    public void closeDriver() {
        close(null);
    }

    /**
     * Closes the cached driver.
     *
     * @param ifStill only if it is the one whose leases these are; null for whatever is cached
     */
    @Override
    void close(@Nullable LeaseCounter ifStill) {
        Retirement leaving = null;
        state.lock();
        try {
            Generation closed = state.current();
            if (ifStill != null && (closed == null || !closed.isCountedBy(ifStill))) {
                return;
            }
            state.forgetLostData();
            if (closed != null) {
                state.endEra("connection '" + connection() + "': this driver was closed by closeDriver(); ask"
                        + " getDriver() for a new one");
                // under the lock, or what is being opened beside it could take over first, and stay open
                leaving = owner.beginRetirement(closed);
            }
        } finally {
            state.unlockAndTell();
        }
        if (leaving != null) {
            leaving.finish();
        }
    }

    /** Forgets the cached driver without closing it; its handles go on with it and own it. */
    public void resetDriver() {
        state.lock();
        try {
            state.forgetLostData();
            Generation left = state.current();
            if (left != null && state.isBound()) {
                state.detachHandles(LooseDriver.of(connection(), left, owner));
                state.letGo();
            } else if (left != null && state.doing() == DriverState.STUCK) {
                state.endEra("connection '" + connection() + "': this driver could not be closed and was given up by"
                        + " resetDriver(); ask getDriver() for a new one");
                state.letGo();
            }
        } finally {
            state.unlockAndTell();
        }
    }

    // ---- changes from outside

    /** Takes a configuration, unless it has a later one. */
    void configure(long version, DatabaseConfig wanted) {
        succession.askFactories(wanted);
        Retirement leaving = null;
        boolean sameDatabase;
        state.lock();
        try {
            DatabaseConfig before = state.config();
            if (!state.takeVersion(version) || wanted.equals(before)) {
                return;
            }
            state.configure(wanted);
            choice.quarantines().clear();
            String difference = before == null ? null : ConfigDifference.ofIdentity(before, wanted, state.tuning());
            sameDatabase = difference == null;
            if (!sameDatabase) {
                state.forgetLostData();
                state.endEra("connection '" + connection() + "' now leads to another database (" + difference
                        + "); ask getDriver() for its driver");
                leaving = succession.beginEviction();
                if (state.doing() == DriverState.STUCK) {
                    state.letGo(); // what does not close is of the database before, and its claim on that stays
                }
            }
        } finally {
            state.unlockAndTell();
        }
        if (leaving != null) {
            leaving.finishLater(connection());
        }
        if (sameDatabase) {
            succession.reconsider();
        }
    }

    /** Is not configured any more. Returns what the caller has to retire. */
    List<Generation> forgetConfiguration(long version) {
        state.lock();
        try {
            if (!state.takeVersion(version) || state.config() == null) {
                return List.of();
            }
            state.configure(null);
            state.giveUpOpening();
            state.forgetLostData();
            choice.quarantines().clear();
            state.endEra("connection '" + connection() + "' is not configured any more; configure it, then ask"
                    + " getDriver() for its driver");
            return state.open();
        } finally {
            state.unlockAndTell();
        }
    }

    /**
     * Prefers a factory to all others from now on.
     *
     * @throws ConfigurationException if it is none of the candidates; names them
     */
    public void pin(FactoryInfo factory) {
        DatabaseConfig wanted = state.readConfig();
        if (wanted == null) {
            throw owner.notConfigured(connection());
        }
        owner.ask(wanted);
        List<Candidate> candidates = owner.candidates(wanted);
        Pin pin = Pin.on(factory, candidates);
        if (pin == null) {
            throw new ConfigurationException("connection '" + connection() + "' cannot be pinned to " + factory
                    + ", which is none of its factories: " + candidates);
        }
        succession.pin(pin);
    }

    /** Goes by precedence again. */
    public void unpin() {
        succession.pin(null);
    }

    /** Takes no callers any more. Returns what the caller has to retire. */
    List<Generation> shut() {
        state.lock();
        try {
            state.beginClosing("connection '" + connection() + "': its Orm is closed");
            choice.quarantines().clear(); // nobody tells a closed one which factories are gone
            return state.open();
        } finally {
            state.unlockAndTell();
        }
    }

    /** Callers look again at what they wait for. */
    void wakeAll() {
        if (callers.isEmpty()) {
            return;
        }
        state.lock();
        try {
            state.wakeAll();
        } finally {
            state.unlockAndTell();
        }
    }

    /** Waits after {@link #shut} or {@link #forgetConfiguration} until what was being opened is closed too, or hangs until the deadline. */
    void awaitEmpty(Deadline deadline) {
        boolean left;
        state.lock();
        try {
            while (state.isBusy() && !deadline.hasPassed()) {
                state.awaitUninterruptibly(deadline);
            }
            left = state.isBusy();
        } finally {
            state.unlockAndTell();
        }
        if (left) {
            SwapLog.log(
                    Level.WARNING,
                    "connection '" + connection() + "' is gone, but a driver of it is still open or being opened");
        }
    }

    /** What the driver is doing now, and what it did. */
    public DriverStatus status() {
        succession.askFactories(state.readConfig());
        state.lock();
        try {
            Generation now = state.current();
            DatabaseConfig wanted = state.config();
            return new DriverStatus(
                    connection(),
                    wanted == null ? "" : wanted.type(),
                    state.isClosing() && now == null ? DriverState.CLOSED : state.doing(),
                    state.generations(),
                    Optional.ofNullable(now).map(serving -> serving.candidate().info()),
                    wanted == null ? List.of() : choice.explain(wanted),
                    now == null ? 0 : now.leases(),
                    state.parked(),
                    Optional.ofNullable(now).flatMap(Generation::longestPin).map(PinnedLease::describe),
                    events.history());
        } finally {
            state.unlockAndTell();
        }
    }
}
