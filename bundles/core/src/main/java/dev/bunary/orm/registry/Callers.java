package dev.bunary.orm.registry;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.swap.DriverState;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The callers that find no driver to work on: one of them opens it, the others wait. Safe for use by many threads. */
final class Callers {
    private final String connection;
    private final Connections owner;
    private final SlotState state;
    private final Choice choice;
    private final Succession succession;
    private final AtomicInteger waiting = new AtomicInteger();

    Callers(String connection, Connections owner, SlotState state, Choice choice, Succession succession) {
        this.connection = connection;
        this.owner = owner;
        this.state = state;
        this.choice = choice;
        this.succession = succession;
    }

    /** Opens a driver or waits for one, until the lease can be taken. */
    <L extends Lease> L enter(Function<Generation, @Nullable L> entry) {
        owner.readProviders();
        var parking = new Parking(Deadline.in(owner.timeouts().acquire()));
        waiting.incrementAndGet(); // before the first look: whoever changes something after that wakes this caller
        try {
            while (true) {
                Generation now = state.current();
                DatabaseConfig config = state.readConfig();
                Generation own = parking.own(config);
                L lease = leaseOn(now, entry);
                if (lease == null) {
                    lease = leaseOn(own, entry);
                }
                if (lease != null) {
                    return lease;
                }
                succession.askFactories(config);
                Generation work = advance(parking, now, own);
                if (work != null) {
                    openOwn(work, parking);
                }
            }
        } finally {
            waiting.decrementAndGet();
        }
    }

    private static <L extends Lease> @Nullable L leaseOn(
            @Nullable Generation generation, Function<Generation, @Nullable L> entry) {
        return generation == null ? null : entry.apply(generation);
    }

    boolean isEmpty() {
        return waiting.get() == 0;
    }

    /** Begins to open a driver for work of this thread: the next one of this connection may wait for that work. */
    private void openOwn(Generation work, Parking parking) {
        Candidate candidate = work.candidate();
        DatabaseConfig wanted = state.readConfig();
        Retirement within = work.retirement();
        if (within == null || wanted == null || !owner.mayUse(candidate) || !candidate.serves(wanted)) {
            return;
        }
        var own = new OwnDriver(state, within, new Assignment(connection, 0, candidate, wanted), owner);
        OwnDriver first = null;
        state.lock();
        try {
            if (!state.isClosing() && wanted.equals(state.config()) && !choice.isMeantForAnother(candidate, wanted)) {
                first = state.firstOf(own);
                parking.await(first);
            }
        } finally {
            state.unlockAndTell();
        }
        if (first == own) {
            own.open();
        }
    }

    /**
     * Begins an opening if there is something to open and nobody does, otherwise waits for a change.
     *
     * @param refused the generation that gave no lease; if it is not the current one any more, there is one to be tried
     * @param refusedToo the same of what is this caller's own
     * @return a leaving driver that this thread works on, and whose factory it is to ask first; null if there is none
     */
    private @Nullable Generation advance(
            Parking parking, @Nullable Generation refused, @Nullable Generation refusedToo) {
        Opening begun = null;
        state.lock();
        try {
            DatabaseConfig wanted = requireUsable(parking);
            parking.want(wanted);
            if (state.current() != refused || parking.own(wanted) != refusedToo) {
                return null;
            }
            DriverState doing = state.doing();
            // with the lock held: what begins after this look wakes this caller
            Generation work =
                    doing == DriverState.BOUND || parking.isAwaitingOwn() ? null : firstNewWork(parking, wanted);
            if (work != null) {
                parking.asks(work);
                return work;
            }
            if (doing == DriverState.UNBOUND) {
                begun = beginOpening(wanted, parking);
            } else if (doing == DriverState.OPENING) {
                awaitOpening(parking, wanted);
            } else if (doing != DriverState.BOUND) {
                park(parking, wanted, Long.MAX_VALUE);
            }
        } finally {
            state.unlockAndTell();
        }
        if (begun != null) {
            succession.start(begun);
        }
        Thread.onSpinWait(); // a generation is shut a moment before its slot is told
        return null;
    }

    /** The first leaving driver that this thread works on, and whose factory may be asked for one of its own. */
    private @Nullable Generation firstNewWork(Parking parking, DatabaseConfig wanted) {
        for (Generation work : owner.leavingWorkOfThisThread()) {
            if (!parking.hasAsked(work) && !isNext(work.candidate(), wanted)) {
                return work;
            }
        }
        return null;
    }

    /** Whether this factory is about to serve anyway, and so the work on it has nothing to fear from the next driver. */
    private boolean isNext(Candidate candidate, DatabaseConfig wanted) {
        Opening running = state.opening();
        Candidate next = running != null ? running.candidate() : null;
        if (state.doing() == DriverState.UNBOUND) {
            next = choice.quarantines().firstAllowed(choice.candidates(wanted));
        }
        return next == candidate && !candidate.hasDeparted();
    }

    private DatabaseConfig requireUsable(Parking parking) {
        if (state.isClosing() || owner.isClosed()) { // a slot may be made while the others are closed
            throw named(new DriverClosedException("connection '" + connection + "': its Orm is closed"));
        }
        DatabaseConfig wanted = state.config();
        if (wanted == null) {
            throw owner.notConfigured(connection);
        }
        String lost = state.lostData();
        if (lost != null) {
            throw named(new DriverClosedException(lost));
        }
        ConfigurationException wrong = parking.whatIsWrongWith(wanted);
        if (wrong != null && !parking.isAwaitingOwn()) {
            throw wrongConfiguration(wrong);
        }
        return wanted;
    }

    /** A new one for each caller, as several may have waited. */
    private ConfigurationException wrongConfiguration(ConfigurationException found) {
        return named(new ConfigurationException(found.getMessage(), found));
    }

    private <E extends OrmException> E named(E failure) {
        failure.nameConnection(connection);
        return failure;
    }

    private @Nullable Opening beginOpening(DatabaseConfig wanted, Parking parking) {
        long ownFirst = parking.ownFirst(wanted);
        if (ownFirst > 0) {
            await(parking, wanted, ownFirst);
            return null;
        }
        if (owner.isToAsk(wanted)) {
            return null; // asked without the lock, then looked at again
        }
        List<Candidate> candidates = choice.candidates(wanted); // once: another may come meanwhile
        Candidate best = choice.quarantines().firstAllowed(candidates);
        if (best != null) {
            Opening begun = succession.begin(best, wanted);
            parking.watch(begun);
            return begun;
        }
        boolean none = candidates.isEmpty();
        DriverFailure own = parking.ownFailure();
        if (none && own != null && own.cause() instanceof ConfigurationException wrong) {
            throw wrongConfiguration(wrong);
        }
        if (state.generations() == 0 && (!none || !owner.mayWaitForFactories())) {
            if (parking.isAwaitingOwn()) {
                await(parking, wanted, choice.quarantines().nextRetry(candidates));
                return null;
            }
            if (firstNewWork(parking, wanted) != null) {
                return null; // the factory that has just left may be that of this thread's work
            }
            throw none && !parking.hasAskedOwn() ? owner.noDriver(connection, wanted) : unavailable(parking, wanted);
        }
        park(parking, wanted, choice.quarantines().nextRetry(candidates));
        return null;
    }

    private void awaitOpening(Parking parking, DatabaseConfig wanted) {
        Opening running = state.opening();
        if (running == null) {
            return;
        }
        parking.watch(running);
        if (running.deadline().hasPassed()) {
            succession.abandon(running);
        } else {
            await(parking, wanted, running.deadline().remaining());
        }
    }

    /** Waits for a change; fails at once on a thread that must not wait. */
    private void park(Parking parking, DatabaseConfig wanted, long retryIn) {
        if (!owner.mayPark() && !parking.isAwaitingOwn()) {
            throw unavailable(parking, wanted);
        }
        await(parking, wanted, retryIn);
    }

    private void await(Parking parking, DatabaseConfig wanted, long atMost) {
        if (parking.deadline().hasPassed()) {
            throw unavailable(parking, wanted);
        }
        try {
            state.park(Math.min(parking.remaining(), atMost));
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw owner.interrupted(connection, wanted, state.doing(), interrupt);
        }
    }

    private OrmException unavailable(Parking parking, DatabaseConfig wanted) {
        DriverFailure failed = choice.lastFailure(wanted);
        return owner.unavailable(
                connection, wanted, state.doing(), parking.deadline(), failed == null ? parking.ownFailure() : failed);
    }

    // ---- getDriver()

    /** The handle of the driver that serves, once no other is about to take over. */
    DatabaseDriver settledDriver() {
        DatabaseDriver settled = null;
        while (settled == null) { // until nobody resets the driver between its opening and the look at it
            Lease lease = enter(Generation::enter);
            lease.release(); // not held while waiting, or a drain would wait for it
            settled = awaitSettled(lease);
        }
        return settled;
    }

    /**
     * The handle, after waiting for what is being opened beside the current driver, or at once on a thread that must not
     * wait; null if there is none any more.
     */
    private @Nullable DatabaseDriver awaitSettled(Lease lease) {
        var limit = Deadline.in(owner.timeouts().open());
        boolean mayWait = owner.mayPark();
        state.lock();
        try {
            while (mayWait && state.isBound() && state.opening() != null && !limit.hasPassed()) {
                mayWait = waited(limit);
            }
            Generation serving = state.current();
            if (serving == null && lease instanceof NestedLease inside) { // on a driver for this thread's work
                serving = inside.generation();
            }
            // while it drains, this thread is inside work on it, which a new driver would have to wait for
            return serving == null ? null : state.handleOf(serving);
        } finally {
            state.unlockAndTell();
        }
    }

    /** Returns false if interrupted, which is no reason to fail where a driver serves. */
    private boolean waited(Deadline limit) {
        try {
            state.park(limit.remaining());
            return true;
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
