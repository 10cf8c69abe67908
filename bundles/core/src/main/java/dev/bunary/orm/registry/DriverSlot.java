package dev.bunary.orm.registry;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.driver.SwapStrategy;
import dev.bunary.orm.registry.SlotEvents.Drained;
import dev.bunary.orm.swap.DriverEvent.Kind;
import dev.bunary.orm.swap.DriverState;
import dev.bunary.orm.swap.DriverStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A named connection and the driver that serves it now. Safe for use by many threads. */
public final class DriverSlot extends DriverSource {
    /*
     * UNBOUND --a caller--> OPENING --ok--> BOUND --evict--> DRAINING --every stripe zero, or deadline--> CLOSING
     *    ^                     |             |  ^                                                            |
     *    |<------fails, the factory is       |  '--OVERLAP: the next driver is opened and checked beside     |
     *    |       quarantined                 |     the first, one write makes it current, the first drains   |
     *    |<------------------------------resetDriver()                                                       |
     *    |<--------------------------------------close() returned--------------------------------------------|
     *    '<--closes after all, or resetDriver()-- STUCK <--close() throws or hangs---------------------------'
     *
     * `lock` guards the transitions, never the lease path: that is the volatile `current` and the generation's own
     * counter. No driver, factory or listener is called under it.
     */
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Connections owner;
    private final SlotEvents events;
    private final Place place = new Here();

    /** The generation that new work goes to, or that is on its way out; null while there is none. */
    private volatile @Nullable Generation current;

    /** What getDriver() gives at once; null while it has to wait. */
    private volatile @Nullable DriverHandle handle;

    // ---- guarded by lock
    private final Quarantines quarantines = new Quarantines();
    private DriverState state = DriverState.UNBOUND;
    private @Nullable DatabaseConfig config;
    private Era era = new Era(this);
    private @Nullable Opening opening;
    private @Nullable Deadline drainClock;
    private @Nullable Drained drained;
    private @Nullable String lostData;
    private @Nullable Throwable stuckBy;
    private long generations;
    private int parked;
    private boolean closing;

    DriverSlot(String connection, Connections owner) {
        super(connection);
        this.owner = owner;
        this.events = new SlotEvents(connection, owner.events());
    }

    // ---- leases

    @Override
    Lease enter() {
        Generation now = current;
        Lease lease = now == null ? null : now.enter();
        return lease != null ? lease : enterSlowly(Generation::enter);
    }

    @Override
    HeldLease hold() {
        Generation now = current;
        HeldLease lease = now == null ? null : now.hold();
        return lease != null ? lease : enterSlowly(Generation::hold);
    }

    /** Opens a driver or waits for one, until the lease can be taken. */
    private <L extends Lease> L enterSlowly(Function<Generation, @Nullable L> entry) {
        owner.readProviders();
        var parking = new Parking(Deadline.in(owner.timeouts().acquire()));
        while (true) {
            Generation now = current;
            L lease = now == null ? null : entry.apply(now);
            if (lease != null) {
                return lease;
            }
            advance(parking, now);
        }
    }

    /**
     * Begins an opening if there is something to open and nobody does, otherwise waits for a change.
     *
     * @param refused the generation that gave no lease; if it is not the current one any more, there is one to be tried
     */
    private void advance(Parking parking, @Nullable Generation refused) {
        Opening begun = null;
        lock.lock();
        try {
            DatabaseConfig wanted = requireUsable(parking);
            if (current != refused) {
                return;
            }
            if (state == DriverState.UNBOUND) {
                begun = beginOpening(wanted, parking);
            } else if (state == DriverState.OPENING) {
                awaitOpening(parking, wanted);
            } else if (state != DriverState.BOUND) {
                park(parking, wanted, Long.MAX_VALUE);
            }
        } finally {
            unlockAndTell();
        }
        if (begun != null) {
            begun.start(this::openingEnded);
        }
        Thread.onSpinWait(); // a generation is shut a moment before its slot is told
    }

    private DatabaseConfig requireUsable(Parking parking) {
        if (closing) {
            throw named(new DriverClosedException("connection '" + connection() + "': its Orm is closed"));
        }
        DatabaseConfig wanted = config;
        if (wanted == null) {
            throw owner.notConfigured(connection());
        }
        if (lostData != null) {
            throw named(new DriverClosedException(lostData));
        }
        ConfigurationException wrong = parking.wrongConfiguration();
        if (wrong != null) {
            // a new one for each caller, as several may have waited
            throw named(new ConfigurationException(wrong.getMessage(), wrong));
        }
        return wanted;
    }

    private <E extends OrmException> E named(E failure) {
        failure.nameConnection(connection());
        return failure;
    }

    private @Nullable Opening beginOpening(DatabaseConfig wanted, Parking parking) {
        List<Candidate> candidates = owner.candidates(wanted.type());
        Candidate best = quarantines.firstAllowed(candidates);
        if (best != null) {
            state = DriverState.OPENING;
            opening = newOpening(best, wanted);
            parking.watch(opening);
            return opening;
        }
        if (generations == 0 && (!candidates.isEmpty() || !owner.mayWaitForFactories())) {
            throw candidates.isEmpty() ? owner.noDriver(connection(), wanted) : unavailable(parking, wanted);
        }
        park(parking, wanted, quarantines.nextRetry(candidates));
        return null;
    }

    private Opening newOpening(Candidate candidate, DatabaseConfig wanted) {
        Deadline limit = Deadline.in(owner.timeouts().open());
        return new Opening(connection(), generations + 1, candidate, wanted, owner.claims(), limit);
    }

    private void awaitOpening(Parking parking, DatabaseConfig wanted) {
        Opening running = opening;
        if (running == null) {
            return;
        }
        parking.watch(running);
        if (running.deadline().hasPassed()) {
            state = DriverState.UNBOUND;
            abandonOpening(running);
        } else {
            await(parking, wanted, running.deadline().remaining());
        }
    }

    /** Gives up on a factory that hangs. What it opens after all is closed when it comes. */
    private void abandonOpening(Opening hanging) {
        opening = null;
        long millis = Duration.ofNanos(hanging.deadline().elapsed()).toMillis();
        quarantine(hanging.candidate(), new IllegalStateException("create() has not returned after " + millis + " ms"));
        changed.signalAll();
    }

    /** Waits for a change; fails at once on a thread that must not wait. */
    private void park(Parking parking, DatabaseConfig wanted, long retryIn) {
        if (!owner.mayPark()) {
            throw unavailable(parking, wanted);
        }
        await(parking, wanted, retryIn);
    }

    private void await(Parking parking, DatabaseConfig wanted, long atMost) {
        if (parking.deadline().hasPassed()) {
            throw unavailable(parking, wanted);
        }
        parked++;
        try {
            changed.awaitNanos(Math.min(parking.deadline().remaining(), atMost));
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw owner.interrupted(connection(), wanted, state, interrupt);
        } finally {
            parked--;
        }
    }

    private OrmException unavailable(Parking parking, DatabaseConfig wanted) {
        Throwable cause = stuckBy != null ? stuckBy : quarantines.lastFailure(owner.candidates(wanted.type()));
        return owner.unavailable(connection(), wanted, state, parking.deadline(), cause);
    }

    // ---- opening

    private void quarantine(Candidate candidate, Throwable cause) {
        Quarantine quarantine = quarantines.add(candidate, cause);
        long millis = Duration.ofNanos(quarantine.remaining()).toMillis();
        String message = candidate + " is left alone for " + millis + " ms: " + quarantine.reason();
        events.note(Kind.QUARANTINED, generations, candidate, Drained.NOTHING, message);
    }

    /** Called once per opening, on its thread. */
    private void openingEnded(Opening ended, @Nullable Generation opened, @Nullable Throwable failure) {
        Retirement leaving = null;
        lock.lock();
        try {
            if (opening != ended) { // abandoned, or not wanted any more
                leaving = opened == null ? null : retirementAtOnce(opened);
            } else {
                opening = null;
                leaving = settle(ended, opened, failure);
                changed.signalAll();
            }
        } finally {
            unlockAndTell();
        }
        if (leaving != null) {
            leaving.finish();
        }
        reconsider(); // what changed during the opening is judged now
    }

    private static Retirement retirementAtOnce(Generation unused) {
        return Retirement.begin(List.of(unused), Deadline.in(Duration.ZERO));
    }

    /** Takes in what was opened. Returns what must leave for it. */
    private @Nullable Retirement settle(Opening ended, @Nullable Generation opened, @Nullable Throwable failure) {
        boolean beside = state == DriverState.BOUND;
        if (opened == null) {
            if (!beside) {
                state = DriverState.UNBOUND;
            }
            boolean itsFault = !(failure instanceof ConfigurationException)
                    && !ended.candidate().hasDeparted();
            if (failure != null && itsFault) {
                quarantine(ended.candidate(), failure);
            }
            offerHandle();
            return null;
        }
        generations = opened.number();
        if (closing || !ended.config().equals(config)) {
            // nothing may begin on it; callers wait until it is closed, as the next may be on the same file
            Retirement unwanted = retirementAtOnce(opened);
            if (!beside) {
                place(opened, DriverState.DRAINING);
            }
            return unwanted;
        }
        return beside ? replaceCurrent(opened) : bind(opened);
    }

    private void place(Generation generation, DriverState newState) {
        generation.moveTo(place);
        state = newState;
        current = generation;
        offerHandle();
    }

    /** Makes the handle of the current generation what getDriver() gives; none while one is opened beside it. */
    private void offerHandle() {
        Generation now = current;
        boolean settled = now != null && state == DriverState.BOUND && opening == null;
        DriverHandle before = handle;
        if (!settled) {
            handle = null;
        } else if (before == null || !before.isOf(era, now)) {
            handle = now.handle(era);
        }
    }

    private @Nullable Retirement bind(Generation opened) {
        quarantines.remove(opened.candidate());
        place(opened, DriverState.BOUND);
        Drained before = drained;
        drained = null;
        if (opened.number() == 1) {
            note(Kind.BOUND, opened, Drained.NOTHING, " bound, generation 1, by " + opened.candidate());
        } else {
            Drained cost = before == null ? Drained.NOTHING : before;
            note(
                    Kind.REBOUND,
                    opened,
                    cost,
                    " rebound, generation " + opened.number() + ", drained " + cost.leases() + " leases in "
                            + cost.took().toMillis() + " ms, by " + opened.candidate());
        }
        return null;
    }

    /** OVERLAP: new work goes to the new driver from here on, and the old one drains. */
    private Retirement replaceCurrent(Generation opened) {
        Generation before = current;
        quarantines.remove(opened.candidate());
        place(opened, DriverState.BOUND);
        Retirement leaving =
                Retirement.begin(List.of(before), Deadline.in(owner.timeouts().drain()));
        note(
                Kind.REBOUND,
                opened,
                new Drained(before.leases(), Duration.ZERO, 0),
                " rebound, generation " + opened.number() + ", beside generation " + before.number() + " with "
                        + before.leases() + " leases, by " + opened.candidate());
        return leaving;
    }

    private void note(Kind kind, Generation generation, Drained cost, String message) {
        String type = config == null ? "" : config.type();
        events.note(kind, generation.number(), generation.candidate(), cost, type + message);
    }

    // ---- changes from outside

    /** Takes a configuration; null means that the connection is not configured any more. */
    void configure(@Nullable DatabaseConfig wanted) {
        Set<String> tuning = tuningProperties(); // asked before the lock is taken, as it is code of the driver
        Retirement leaving = null;
        boolean sameDatabase;
        lock.lock();
        try {
            DatabaseConfig before = config;
            if (before == wanted || before != null && before.equals(wanted)) {
                return;
            }
            config = wanted;
            quarantines.clear();
            lostData = null;
            String difference = before == null ? null : ConfigDifference.ofIdentity(before, wanted, tuning);
            sameDatabase = difference == null;
            if (!sameDatabase) {
                startEra("connection '" + connection() + "' now leads to another database (" + difference
                        + "); ask getDriver() for its driver");
                leaving = beginEviction();
            }
            changed.signalAll();
        } finally {
            unlockAndTell();
        }
        if (leaving != null) {
            leaving.finishLater(connection());
        }
        if (sameDatabase) {
            reconsider();
        }
    }

    private Set<String> tuningProperties() {
        Generation serving = current;
        DatabaseConfig before = config();
        if (serving != null) {
            return serving.candidate().factory().tuningProperties();
        }
        return before == null
                ? Set.of()
                : owner.candidates(before.type()).stream()
                        .findFirst()
                        .map(candidate -> candidate.factory().tuningProperties())
                        .orElse(Set.of());
    }

    private void startEra(String endOfLast) {
        era.end(endOfLast);
        era = new Era(this);
    }

    /** Begins to evict the current driver, if one is bound; callers wait from now on. */
    private @Nullable Retirement beginEviction() {
        Generation leaving = current;
        return leaving == null || state != DriverState.BOUND
                ? null
                : Retirement.begin(
                        List.of(leaving), Deadline.in(owner.timeouts().drain()));
    }

    /** Judges the choice anew after factories came, changed or went. Quarantined ones may try again at once. */
    void candidatesChanged(Set<String> types) {
        boolean concerned;
        lock.lock();
        try {
            concerned = config != null && types.contains(config.type());
            if (concerned) {
                quarantines.retryNow();
                changed.signalAll();
            }
        } finally {
            unlockAndTell();
        }
        if (concerned) {
            reconsider();
        }
    }

    private @Nullable DatabaseConfig config() {
        lock.lock();
        try {
            return config;
        } finally {
            unlockAndTell();
        }
    }

    /** Swaps the driver if another factory is to serve now, or with another configuration. */
    void reconsider() {
        Candidate best;
        DatabaseConfig wanted;
        lock.lock();
        try {
            best = betterThanCurrent();
            wanted = config;
        } finally {
            unlockAndTell();
        }
        if (best == null || wanted == null) {
            return;
        }
        // asked without the lock, as it is code of the driver; what it was asked for is checked again below
        boolean overlap = best.factory().swapStrategy(wanted) == SwapStrategy.OVERLAP;
        Retirement leaving = null;
        Opening begun = null;
        lock.lock();
        try {
            Generation serving = current;
            if (serving != null && best == betterThanCurrent() && wanted.equals(config)) {
                if (overlap && !serving.isExclusive()) {
                    begun = beginBeside(best, wanted);
                } else {
                    leaving = beginEviction();
                }
            }
        } finally {
            unlockAndTell();
        }
        if (begun != null) {
            begun.start(this::openingEnded);
        }
        if (leaving != null) {
            leaving.finishLater(connection());
        }
    }

    /** The factory that is to serve instead of the current driver; null if that is right as it is. */
    private @Nullable Candidate betterThanCurrent() {
        Generation serving = current;
        DatabaseConfig wanted = config;
        if (state != DriverState.BOUND || serving == null || wanted == null) {
            return null;
        }
        Candidate best = quarantines.firstAllowed(owner.candidates(wanted.type()));
        boolean sameConfig = serving.config().equals(wanted);
        boolean stays = best == null || sameConfig && (best == serving.candidate() || serving.holdsData());
        return stays ? null : best;
    }

    private @Nullable Opening beginBeside(Candidate best, DatabaseConfig wanted) {
        Opening running = opening;
        if (running != null && running.deadline().hasPassed()) {
            abandonOpening(running);
        }
        if (opening != null) {
            return null; // judged again when it ends
        }
        opening = newOpening(best, wanted);
        handle = null; // getDriver() waits for what comes
        return opening;
    }

    /** Forgets a factory that is gone. */
    void forget(Candidate gone) {
        lock.lock();
        try {
            quarantines.remove(gone);
        } finally {
            unlockAndTell();
        }
    }

    // ---- the cached driver

    /** The cached handle; opens a driver if there is none, and waits for one that is about to take over. */
    public DatabaseDriver driver() {
        DriverHandle now = handle;
        return now != null && now.isCurrent() ? now : driverSlowly();
    }

    private DatabaseDriver driverSlowly() {
        DatabaseDriver settled = null;
        while (settled == null) { // until nobody resets the driver between its opening and the look at it
            enterSlowly(Generation::enter).release(); // not held while waiting, or a drain would wait for it
            settled = awaitSettled();
        }
        return settled;
    }

    /** The handle, after waiting for what is being opened beside the current driver; null if there is none any more. */
    private @Nullable DatabaseDriver awaitSettled() {
        var parking = new Parking(Deadline.in(owner.timeouts().open()));
        lock.lock();
        try {
            Opening beside = opening;
            while (config != null && state == DriverState.BOUND && beside != null) {
                if (beside.deadline().hasPassed()) {
                    abandonOpening(beside);
                } else {
                    await(parking, config, beside.deadline().remaining());
                }
                beside = opening;
            }
            offerHandle();
            Generation serving = current;
            // while it drains, this thread is inside work on it, which a new driver would have to wait for
            return serving == null ? null : serving.handle(era);
        } finally {
            unlockAndTell();
        }
    }

    /** Drains and closes the cached driver; its handles throw from now on. */
    public void closeDriver() {
        Generation closed;
        lock.lock();
        try {
            closed = current;
            lostData = null;
            if (closed != null) {
                startEra("connection '" + connection() + "': this driver was closed by closeDriver(); ask getDriver()"
                        + " for a new one");
            }
        } finally {
            unlockAndTell();
        }
        if (closed != null) {
            Retirement.begin(List.of(closed), Deadline.in(owner.timeouts().drain()))
                    .finish();
        }
    }

    @Override
    void close(Generation ifStill) {
        if (current == ifStill) {
            closeDriver();
        }
    }

    /** Forgets the cached driver without closing it; its handles go on with it and own it. */
    public void resetDriver() {
        lock.lock();
        try {
            lostData = null;
            Generation left = current;
            if (left != null && state == DriverState.BOUND) {
                era.detach(new LooseDriver(connection(), left, owner.timeouts().drain()));
                era = new Era(this);
                letGo(left);
            } else if (left != null && state == DriverState.STUCK) {
                startEra("connection '" + connection() + "': this driver could not be closed and was given up by"
                        + " resetDriver(); ask getDriver() for a new one");
                letGo(left);
            }
        } finally {
            unlockAndTell();
        }
    }

    private void letGo(Generation left) {
        left.moveTo(Place.NOWHERE);
        opening = null; // what is being opened beside it is closed when it comes
        current = null;
        stuckBy = null;
        state = DriverState.UNBOUND;
        offerHandle();
        changed.signalAll();
    }

    /** Takes no callers any more. Returns what the caller has to retire. */
    @Nullable
    Generation shut() {
        lock.lock();
        try {
            closing = true;
            era.end("connection '" + connection() + "': its Orm is closed");
            changed.signalAll();
            return current;
        } finally {
            unlockAndTell();
        }
    }

    /** What the driver is doing now. */
    public DriverStatus status() {
        lock.lock();
        try {
            Generation now = current;
            String type = config == null ? "" : config.type();
            return new DriverStatus(
                    connection(),
                    type,
                    closing && now == null ? DriverState.CLOSED : state,
                    generations,
                    Optional.ofNullable(now).map(serving -> serving.candidate().info()),
                    owner.candidates(type).stream().map(this::explained).toList(),
                    now == null ? 0 : now.leases(),
                    parked,
                    Optional.ofNullable(now).flatMap(Generation::longestPin).map(PinnedLease::describe));
        } finally {
            unlockAndTell();
        }
    }

    private DriverStatus.Candidate explained(Candidate candidate) {
        Generation now = current;
        Quarantine quarantine = quarantines.of(candidate);
        String reason;
        if (now != null && now.candidate() == candidate) {
            reason = "serves";
        } else if (quarantine != null) {
            reason = "quarantined after " + quarantine.failures() + " failures: " + quarantine.reason();
        } else if (now != null && now.holdsData()) {
            reason = "the current driver holds the data";
        } else {
            reason = now == null ? "not opened yet" : "another is preferred";
        }
        return new DriverStatus.Candidate(candidate.info(), reason);
    }

    private void unlockAndTell() {
        lock.unlock();
        if (!lock.isHeldByCurrentThread()) {
            events.tell();
        }
    }

    /** What this slot is told of its generation's way out. */
    private final class Here implements Place {

        @Override
        public void draining(Generation generation, long leases) {
            lock.lock();
            try {
                if (current == generation && state == DriverState.BOUND) {
                    state = DriverState.DRAINING;
                    opening = null; // opened beside a driver that leaves; closed when it comes
                    drainClock = Deadline.in(Duration.ZERO);
                    drained = new Drained(leases, Duration.ZERO, 0);
                    note(Kind.DRAINING, generation, drained, " draining " + leases + " leases");
                    changed.signalAll(); // for those who wait for what was being opened
                }
            } finally {
                unlockAndTell();
            }
        }

        @Override
        public void forced(Generation generation, Set<PinnedLease> holders) {
            lock.lock();
            try {
                var cost = new Drained(generation.leases(), owner.timeouts().drain(), parked);
                String holdersText = Holders.describe(holders);
                note(
                        Kind.FORCED,
                        generation,
                        cost,
                        ": generation " + generation.number() + " was not drained in time and is closed under "
                                + holders.size() + " open units of work" + holdersText);
            } finally {
                unlockAndTell();
            }
        }

        @Override
        public void closing(Generation generation) {
            lock.lock();
            try {
                Deadline clock = drainClock;
                Drained begun = drained;
                if (current == generation && state == DriverState.DRAINING) {
                    state = DriverState.CLOSING;
                    if (clock != null && begun != null) {
                        drained = new Drained(begun.leases(), Duration.ofNanos(clock.elapsed()), parked);
                    }
                }
            } finally {
                unlockAndTell();
            }
        }

        @Override
        public void closed(Generation generation) {
            lock.lock();
            try {
                if (current == generation) {
                    noteLoss(generation);
                    letGo(generation);
                }
            } finally {
                unlockAndTell();
            }
        }

        private void noteLoss(Generation generation) {
            DatabaseConfig wanted = config;
            if (closing || wanted == null) {
                return;
            }
            if (generation.holdsData() && generation.candidate().hasDeparted()) {
                lostData =
                        "connection '" + connection() + "': its data lived in the driver of " + generation.candidate()
                                + ", which is gone; call closeDriver() or resetDriver() to begin with an empty database";
            }
            if (owner.candidates(wanted.type()).isEmpty()) {
                note(Kind.LOST, generation, Drained.NOTHING, " is gone, and no other factory serves this type yet");
            }
        }

        @Override
        public void stuck(Generation generation, Throwable cause) {
            lock.lock();
            try {
                if (current == generation && state == DriverState.CLOSING) {
                    stuckBy = cause;
                    state = DriverState.STUCK;
                    if (!generation.isExclusive()) {
                        letGo(generation); // a server does not mind a second session beside one that hangs
                    }
                    changed.signalAll();
                }
            } finally {
                unlockAndTell();
            }
            Place.super.stuck(generation, cause);
        }
    }
}
