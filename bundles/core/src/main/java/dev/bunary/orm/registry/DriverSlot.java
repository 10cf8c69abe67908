package dev.bunary.orm.registry;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.swap.DriverEvent;
import dev.bunary.orm.swap.DriverState;
import dev.bunary.orm.swap.DriverStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A named connection and the driver that serves it now. Safe for use by many threads. */
public final class DriverSlot extends DriverSource {
    /*
     * UNBOUND --a caller--> OPENING --ok--> BOUND --evict--> DRAINING --every stripe zero, or deadline--> CLOSING
     *    ^                     |                                                                             |
     *    |<------fails, the factory is quarantined                                                           |
     *    |<--------------------------------------close() returned--------------------------------------------|
     *    '<--closes after all-- STUCK <--close() throws or hangs---------------------------------------------'
     *
     * `lock` guards the transitions, never the lease path: that is the volatile `current` and the generation's own
     * counter. No driver, factory or listener is called under it; events wait in `untold` until it is free.
     */
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ConcurrentLinkedQueue<DriverEvent> untold = new ConcurrentLinkedQueue<>();
    private final Connections owner;
    private final Place place = new Here();

    /** The generation that new work goes to, or that is on its way out; null while there is none. */
    private volatile @Nullable Generation current;

    private volatile @Nullable DriverHandle handle;

    // ---- guarded by lock
    private final Map<Candidate, Quarantine> quarantines = new HashMap<>();
    private DriverState state = DriverState.UNBOUND;
    private @Nullable DatabaseConfig config;
    private Era era = new Era(this);
    private @Nullable Opening opening;
    private @Nullable Drain drain;
    private @Nullable String lostData;
    private @Nullable Throwable stuckBy;
    private long generations;
    private int parked;
    private boolean closing;

    DriverSlot(String connection, Connections owner) {
        super(connection);
        this.owner = owner;
    }

    /** The last drain, for the log line of the rebind. */
    private record Drain(long leases, Deadline clock, Duration took, int parked) {}

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
            advance(parking);
        }
    }

    /** What a waiting caller remembers. */
    private static final class Parking {
        final Deadline deadline;

        @Nullable
        Opening watched;

        Parking(Deadline deadline) {
            this.deadline = deadline;
        }
    }

    /** Begins an opening if there is something to open and nobody does, otherwise waits for a change. */
    private void advance(Parking parking) {
        Opening begun = null;
        lock.lock();
        try {
            DatabaseConfig wanted = requireUsable(parking);
            if (state == DriverState.UNBOUND) {
                begun = beginOpening(wanted, parking);
            } else if (state != DriverState.BOUND) {
                park(parking, wanted, Long.MAX_VALUE);
            }
        } finally {
            unlockAndTell();
        }
        if (begun != null) {
            begun.start(this::openingEnded);
        }
    }

    private DatabaseConfig requireUsable(Parking parking) {
        if (closing) {
            throw named(new DriverClosedException("connection '" + connection() + "': its Orm is closed"));
        }
        DatabaseConfig wanted = config;
        if (wanted == null) {
            throw named(owner.notConfigured(connection()));
        }
        if (lostData != null) {
            throw named(new DriverClosedException(lostData));
        }
        if (parking.watched != null && parking.watched.failure() instanceof ConfigurationException wrong) {
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
        Candidate best = firstAllowed(candidates);
        if (best != null) {
            state = DriverState.OPENING;
            opening = new Opening(
                    connection(),
                    generations + 1,
                    best,
                    wanted,
                    owner.claims(),
                    Deadline.in(owner.timeouts().open()));
            parking.watched = opening;
            return opening;
        }
        if (generations == 0 && (!candidates.isEmpty() || !owner.mayWaitForFactories())) {
            throw owner.unavailable(this, wanted, state, parking.deadline, lastFailure(candidates));
        }
        park(parking, wanted, nextRetry(candidates));
        return null;
    }

    private @Nullable Candidate firstAllowed(List<Candidate> candidates) {
        for (Candidate candidate : candidates) {
            Quarantine quarantine = quarantines.get(candidate);
            if (quarantine == null || quarantine.isOver()) {
                return candidate;
            }
        }
        return null;
    }

    private long nextRetry(List<Candidate> candidates) {
        return candidates.stream()
                .map(quarantines::get)
                .mapToLong(quarantine -> quarantine == null ? 0 : quarantine.remaining())
                .min()
                .orElse(Long.MAX_VALUE);
    }

    private @Nullable Throwable lastFailure(List<Candidate> candidates) {
        return candidates.stream()
                .map(quarantines::get)
                .filter(quarantine -> quarantine != null)
                .map(Quarantine::cause)
                .findFirst()
                .orElse(stuckBy);
    }

    /** Waits for a change of state, at most until the caller's deadline, the next retry, or the opening's deadline. */
    private void park(Parking parking, DatabaseConfig wanted, long retryIn) {
        Opening running = opening;
        if (state == DriverState.OPENING && running != null) {
            parking.watched = running;
            if (running.deadline().hasPassed()) {
                abandon(running);
                return;
            }
        }
        if (parking.deadline.hasPassed() || (state != DriverState.OPENING && !owner.mayPark())) {
            throw owner.unavailable(
                    this, wanted, state, parking.deadline, lastFailure(owner.candidates(wanted.type())));
        }
        long limit = Math.min(parking.deadline.remaining(), retryIn);
        if (state == DriverState.OPENING && running != null) {
            limit = Math.min(limit, running.deadline().remaining());
        }
        parked++;
        try {
            changed.awaitNanos(limit);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw owner.interrupted(this, wanted, state, interrupt);
        } finally {
            parked--;
        }
    }

    // ---- opening

    /** Gives up on a factory that hangs. What it opens after all is closed when it comes. */
    private void abandon(Opening hanging) {
        opening = null;
        state = DriverState.UNBOUND;
        quarantine(
                hanging.candidate(),
                new IllegalStateException("create() has not returned after "
                        + Duration.ofNanos(hanging.deadline().elapsed()).toMillis() + " ms"));
        changed.signalAll();
    }

    private void quarantine(Candidate candidate, Throwable cause) {
        Quarantine before = quarantines.get(candidate);
        Quarantine now = before == null ? Quarantine.first(cause) : before.again(cause);
        quarantines.put(candidate, now);
        tellLater(
                DriverEvent.Kind.QUARANTINED,
                generations,
                candidate,
                0,
                Duration.ZERO,
                candidate + " is left alone for " + Duration.ofNanos(now.remaining()).toMillis() + " ms: "
                        + now.reason());
    }

    /** Called once per opening, on its thread. */
    private void openingEnded(Opening ended, @Nullable Generation opened, @Nullable Throwable failure) {
        Retirement unwanted = null;
        lock.lock();
        try {
            boolean abandoned = opening != ended;
            if (!abandoned) {
                opening = null;
            }
            if (opened != null && (abandoned || closing || !ended.config().equals(config))) {
                unwanted = Retirement.begin(List.of(opened), Deadline.in(Duration.ZERO));
            }
            if (!abandoned) {
                settle(ended, opened, failure, unwanted != null);
                changed.signalAll();
            }
        } finally {
            unlockAndTell();
        }
        if (unwanted != null) {
            unwanted.finish();
        }
        reconsider(); // what changed during the opening is judged now
    }

    private void settle(Opening ended, @Nullable Generation opened, @Nullable Throwable failure, boolean unwanted) {
        if (opened == null) {
            state = DriverState.UNBOUND;
            if (failure != null && !(failure instanceof ConfigurationException)) {
                quarantine(ended.candidate(), failure);
            }
        } else if (unwanted) {
            // callers wait until it is closed, as the next may be on the same file
            generations = opened.number();
            place(opened, DriverState.DRAINING);
        } else {
            bind(opened);
        }
    }

    private void place(Generation generation, DriverState newState) {
        generation.moveTo(place);
        state = newState;
        handle = newState == DriverState.BOUND ? new DriverHandle(connection(), era, generation) : null;
        current = generation;
    }

    private void bind(Generation opened) {
        quarantines.remove(opened.candidate());
        boolean first = generations == 0;
        generations = opened.number();
        place(opened, DriverState.BOUND);
        Drain before = drain;
        drain = null;
        String type = config == null ? "" : config.type();
        if (first || before == null) {
            tellLater(
                    first ? DriverEvent.Kind.BOUND : DriverEvent.Kind.REBOUND,
                    generations,
                    opened.candidate(),
                    0,
                    Duration.ZERO,
                    type + (first ? " bound" : " rebound") + ", generation " + generations + ", by "
                            + opened.candidate());
            return;
        }
        tellLater(
                DriverEvent.Kind.REBOUND,
                generations,
                opened.candidate(),
                before.leases(),
                before.took(),
                type + " rebound, generation " + generations + ", drained " + before.leases() + " leases in "
                        + before.took().toMillis() + " ms, by " + opened.candidate());
    }

    // ---- changes from outside

    /** Takes a configuration; null means that the connection is not configured any more. */
    void configure(@Nullable DatabaseConfig wanted) {
        Generation serving = current;
        // asked before the lock is taken, as it is code of the driver
        Set<String> tuning = serving == null ? Set.of() : serving.candidate().factory().tuningProperties();
        Retirement leaving = null;
        lock.lock();
        try {
            DatabaseConfig before = config;
            if (before != null && before.equals(wanted) || before == wanted) {
                return;
            }
            config = wanted;
            quarantines.clear();
            lostData = null;
            String difference = before == null ? null : ConfigDifference.ofIdentity(before, wanted, tuning);
            if (difference != null) {
                startEra("connection '" + connection() + "' now leads to another database (" + difference
                        + "); ask getDriver() for its driver");
            }
            leaving = beginEviction();
            changed.signalAll();
        } finally {
            unlockAndTell();
        }
        if (leaving != null) {
            leaving.finishLater(connection());
        }
    }

    private void startEra(String endOfLast) {
        era.end(endOfLast);
        era = new Era(this);
    }

    /** Begins to evict the current driver, if one is bound. */
    private @Nullable Retirement beginEviction() {
        Generation leaving = current;
        return leaving == null || state != DriverState.BOUND
                ? null
                : Retirement.begin(List.of(leaving), Deadline.in(owner.timeouts().drain()));
    }

    /** Judges the choice anew after a factory came, changed or went. Quarantined ones may try again at once. */
    void candidatesChanged(Set<String> types) {
        lock.lock();
        try {
            quarantines.replaceAll((candidate, quarantine) -> quarantine.retryNow());
            changed.signalAll();
        } finally {
            unlockAndTell();
        }
        DatabaseConfig wanted = config();
        if (wanted != null && types.contains(wanted.type())) {
            reconsider();
        }
    }

    /** Evicts the driver if another factory is to serve now. */
    void reconsider() {
        Retirement leaving = null;
        lock.lock();
        try {
            Generation serving = current;
            DatabaseConfig wanted = config;
            if (state == DriverState.BOUND && serving != null && wanted != null && !serving.holdsData()) {
                Candidate best = firstAllowed(owner.candidates(wanted.type()));
                if (best != null && best != serving.candidate()) {
                    leaving = beginEviction();
                }
            }
        } finally {
            unlockAndTell();
        }
        if (leaving != null) {
            leaving.finishLater(connection());
        }
    }

    @Nullable
    DatabaseConfig config() {
        lock.lock();
        try {
            return config;
        } finally {
            unlockAndTell();
        }
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

    /** The cached handle; opens a driver if there is none. */
    public DatabaseDriver driver() {
        DriverHandle now = handle;
        if (now != null && now.isCurrent()) {
            return now;
        }
        while (true) {
            Lease lease = enterSlowly(Generation::enter);
            try {
                now = handle;
                if (now != null) {
                    return now;
                }
            } finally {
                lease.release();
            }
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
            Retirement.begin(List.of(closed), Deadline.in(owner.timeouts().drain())).finish();
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
        current = null;
        handle = null;
        stuckBy = null;
        state = DriverState.UNBOUND;
        changed.signalAll();
    }

    /** Takes no callers any more, and begins to evict the driver. The caller finishes the retirement. */
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
                    Optional.ofNullable(now).flatMap(Generation::longestPin).map(DriverSlot::holder));
        } finally {
            unlockAndTell();
        }
    }

    private DriverStatus.Candidate explained(Candidate candidate) {
        Generation now = current;
        Quarantine quarantine = quarantines.get(candidate);
        String reason;
        if (now != null && now.candidate() == candidate) {
            reason = "serves";
        } else if (quarantine != null) {
            reason = "quarantined after " + quarantine.failures() + " failures: " + quarantine.reason();
        } else {
            reason = now == null ? "opened at the next use if it is the first" : "another is preferred";
        }
        return new DriverStatus.Candidate(candidate.info(), reason);
    }

    private static DriverStatus.Holder holder(PinnedLease pin) {
        return new DriverStatus.Holder(pin.thread().getName(), Duration.ofNanos(System.nanoTime() - pin.since()));
    }

    // ---- events, told outside the lock

    private void tellLater(
            DriverEvent.Kind kind,
            long generation,
            @Nullable Candidate candidate,
            long leases,
            Duration took,
            String message) {
        untold.add(new DriverEvent(
                kind,
                connection(),
                generation,
                Optional.ofNullable(candidate).map(Candidate::info),
                leases,
                parked,
                took,
                "connection '" + connection() + "': " + message));
    }

    private void unlockAndTell() {
        lock.unlock();
        if (!lock.isHeldByCurrentThread()) {
            for (DriverEvent event = untold.poll(); event != null; event = untold.poll()) {
                owner.events().tell(event);
            }
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
                    drain = new Drain(leases, Deadline.in(Duration.ZERO), Duration.ZERO, 0);
                    tellLater(
                            DriverEvent.Kind.DRAINING,
                            generation.number(),
                            generation.candidate(),
                            leases,
                            Duration.ZERO,
                            "draining " + leases + " leases of generation " + generation.number());
                }
            } finally {
                unlockAndTell();
            }
        }

        @Override
        public void forced(Generation generation, Set<PinnedLease> holders) {
            lock.lock();
            try {
                tellLater(
                        DriverEvent.Kind.FORCED,
                        generation.number(),
                        generation.candidate(),
                        generation.leases(),
                        owner.timeouts().drain(),
                        "generation " + generation.number() + " was not drained in time; ended" + Holders.describe(holders));
            } finally {
                unlockAndTell();
            }
        }

        @Override
        public void closing(Generation generation) {
            lock.lock();
            try {
                if (current == generation && state == DriverState.DRAINING) {
                    state = DriverState.CLOSING;
                    Drain begun = drain;
                    if (begun != null) {
                        Duration took = Duration.ofNanos(begun.clock().elapsed());
                        drain = new Drain(begun.leases(), begun.clock(), took, parked);
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
                    current = null;
                    handle = null;
                    stuckBy = null;
                    state = closing ? DriverState.CLOSED : DriverState.UNBOUND;
                    noteLoss(generation);
                    changed.signalAll();
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
                lostData = "connection '" + connection() + "': its data lived in the driver of " + generation.candidate()
                        + ", which is gone; call closeDriver() or resetDriver() to begin with an empty database";
            }
            if (owner.candidates(wanted.type()).isEmpty()) {
                tellLater(
                        DriverEvent.Kind.LOST,
                        generation.number(),
                        generation.candidate(),
                        0,
                        Duration.ZERO,
                        "generation " + generation.number() + " is gone and no factory serves type '" + wanted.type()
                                + "' yet");
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
