package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.swap.DriverState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What a slot is doing, and the lock under which that changes. All is called with the lock held, where not said else. */
final class SlotState {
    /*
     * UNBOUND --a caller--> OPENING --ok--> BOUND --evict--> DRAINING --every stripe zero, or deadline--> CLOSING
     *    ^                     |             |  ^                                                            |
     *    |<------fails, the factory is       |  '--OVERLAP: the next driver is opened and checked beside     |
     *    |       quarantined                 |     the first, one write makes it current, the first drains   |
     *    |<------------------------------resetDriver()                                                       |
     *    |<--------------------------------------close() returned--------------------------------------------|
     *    '<--closes after all, reset or moved- STUCK <--close() throws or hangs---------------------------'
     *
     * `lock` guards the transitions, never the lease path: that is the volatile `current` and the generation's own
     * counter. No driver, factory or listener is called under it.
     */
    final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private final DriverSource slot;
    private final SlotEvents events;

    /** The generation that new work goes to, or that is on its way out; null while there is none. */
    private volatile @Nullable Generation current;

    /** OVERLAP: generations that drain beside the current one; hardly ever any. */
    private final List<Generation> predecessors = new CopyOnWriteArrayList<>();

    /** Drivers for work that retirements wait for; hardly ever any. */
    private final List<OwnDriver> own = new ArrayList<>();

    /** What getDriver() gives at once; null while it has to wait. */
    private volatile @Nullable DriverHandle handle;

    private DriverState doing = DriverState.UNBOUND;
    private @Nullable DatabaseConfig config;
    private Era era;
    private @Nullable Opening opening;
    private @Nullable DriverFailure stuckBy;
    private @Nullable String lostData;

    /** What the last driver's factory calls tuning, also while there is none: handles follow through such changes. */
    private Set<String> tuning = Set.of();

    private long version = -1;
    private long generations;
    private int parked;
    private boolean closing;

    SlotState(DriverSource slot, SlotEvents events) {
        this.slot = slot;
        this.events = events;
        this.era = new Era(slot);
    }

    // ---- for anybody, without the lock

    @Nullable
    Generation current() {
        return current;
    }

    @Nullable
    DriverHandle handle() {
        return handle;
    }

    /** A lease inside work of this thread on a generation that drains beside the current one: that work ends there. */
    @Nullable
    NestedLease inWorkOnAPredecessor() {
        if (predecessors.isEmpty()) {
            return null;
        }
        for (Generation before : predecessors) {
            NestedLease nested = before.insideOwnWork();
            if (nested != null) {
                return nested;
            }
        }
        return null;
    }

    /** All that is open here: the current generation and those that drain beside it. */
    List<Generation> open() {
        var open = new ArrayList<>(predecessors);
        Generation now = current;
        if (now != null) {
            open.add(now);
        }
        return open;
    }

    void lock() {
        lock.lock();
    }

    /** What was noted under the lock is told once it is free. */
    void unlockAndTell() {
        lock.unlock();
        if (!lock.isHeldByCurrentThread()) {
            events.tell();
        }
    }

    /** The configuration of this moment. */
    @Nullable
    DatabaseConfig readConfig() {
        lock();
        try {
            return config;
        } finally {
            unlockAndTell();
        }
    }

    // ---- waiting

    void awaitChange(long atMostNanos) throws InterruptedException {
        changed.awaitNanos(atMostNanos);
    }

    void awaitUninterruptibly(Deadline deadline) {
        deadline.awaitUninterruptibly(changed);
    }

    /** As {@link #awaitChange}, of a caller that has no driver. */
    void park(long atMostNanos) throws InterruptedException {
        parked++;
        try {
            changed.awaitNanos(atMostNanos);
        } finally {
            parked--;
        }
    }

    void wakeAll() {
        changed.signalAll();
    }

    // ---- what it is

    DriverState doing() {
        return doing;
    }

    boolean isBound() {
        return doing == DriverState.BOUND;
    }

    /**
     * Whether, though the connection is gone, a driver is open or being opened, and not given up; one that waits for work of
     * this thread aside.
     */
    boolean isBusy() {
        if (!closing && config != null) {
            return false; // there again
        }
        Generation now = current;
        Retirement leaving = now == null ? null : now.retirement();
        boolean busy = opening != null
                || now != null && doing != DriverState.STUCK && (leaving == null || !leaving.isWorkedOnHere());
        for (OwnDriver each : own) {
            busy |= !each.within().isWorkedOnHere();
        }
        return busy;
    }

    List<OwnDriver> own() {
        return own;
    }

    /** The same driver if somebody has asked for it already, or else this one. */
    OwnDriver firstOf(OwnDriver asked) {
        for (OwnDriver each : own) {
            if (each.isSameAs(asked)) {
                return each;
            }
        }
        own.add(asked);
        return asked;
    }

    @Nullable
    DatabaseConfig config() {
        return config;
    }

    /** What is being opened now, in an empty slot or beside the current driver. */
    @Nullable
    Opening opening() {
        return opening;
    }

    /** Why the current driver does not close. */
    @Nullable
    DriverFailure stuckBy() {
        return stuckBy;
    }

    /** What to say to callers, if the data went with its driver. */
    @Nullable
    String lostData() {
        return lostData;
    }

    /** The properties whose change does not lead to another database. */
    Set<String> tuning() {
        return tuning;
    }

    /** The number of the latest generation. */
    long generations() {
        return generations;
    }

    int parked() {
        return parked;
    }

    boolean isClosing() {
        return closing;
    }

    // ---- transitions

    /** Returns whether this is the latest configuration so far. */
    boolean takeVersion(long newVersion) {
        boolean later = newVersion > version;
        if (later) {
            version = newVersion;
        }
        return later;
    }

    void configure(@Nullable DatabaseConfig wanted) {
        config = wanted;
        wakeAll();
    }

    /** A driver is opened, in an empty slot or beside the current one. */
    void beginOpening(Opening begun) {
        opening = begun;
        if (isBound()) {
            handle = null; // getDriver() waits for what comes
        } else {
            doing = DriverState.OPENING;
        }
    }

    /** The opening ended without a driver, or nobody waits for it any more: what it opens after all is closed. */
    void endOpening() {
        opening = null;
        if (doing == DriverState.OPENING) {
            doing = DriverState.UNBOUND;
        }
        offerHandle();
        wakeAll();
    }

    /** Takes the number of an opened driver, whether it will serve or not. */
    void count(Generation opened) {
        generations = opened.number();
    }

    /** The opened driver serves from here on; one that served before drains beside it. */
    void bind(Generation opened) {
        Generation before = current;
        if (before != null) {
            predecessors.add(before);
        }
        opened.serve();
        place(opened, DriverState.BOUND);
    }

    /** Has ended, or is not waited for any more. */
    void forgetPredecessor(Generation gone) {
        predecessors.remove(gone);
    }

    /** The opened driver is not wanted any more: callers wait until it is closed, as the next may be on the same file. */
    void refuse(Generation opened) {
        place(opened, DriverState.DRAINING);
    }

    private void place(Generation opened, DriverState newState) {
        opening = null;
        tuning = opened.tuning();
        current = opened;
        doing = newState;
        offerHandle();
        wakeAll();
    }

    void drain() {
        opening = null; // opened beside a driver that leaves; closed when it comes
        doing = DriverState.DRAINING;
        wakeAll(); // those who wait for what was being opened
    }

    void close() {
        doing = DriverState.CLOSING;
    }

    void stick(DriverFailure failure) {
        stuckBy = failure;
        doing = DriverState.STUCK;
        wakeAll();
    }

    /** The slot is empty again: its driver is closed, reset, or hangs without being in the way. */
    void letGo() {
        opening = null; // what is being opened beside it is closed when it comes
        current = null;
        stuckBy = null;
        doing = DriverState.UNBOUND;
        offerHandle();
        wakeAll();
    }

    void loseData(String explanation) {
        lostData = explanation;
    }

    void forgetLostData() {
        lostData = null;
    }

    /** What is being opened is not wanted any more; it is waited for all the same. */
    void giveUpOpening() {
        if (opening != null) {
            opening.giveUp();
        }
    }

    /** Takes no callers any more. */
    void beginClosing(String explanation) {
        closing = true;
        giveUpOpening();
        era.end(explanation);
        wakeAll();
    }

    // ---- handles

    /** Makes the handle of the current generation what getDriver() gives; none while one is opened beside it. */
    void offerHandle() {
        Generation now = current;
        boolean settled = now != null && isBound() && opening == null;
        handle = settled ? handleOf(now) : null;
    }

    DriverHandle handleOf(Generation generation) {
        return generation.handle(era);
    }

    /** The handles given out so far throw from now on. */
    void endEra(String explanation) {
        era.end(explanation);
        era = new Era(slot);
    }

    /** The handles given out so far go on with this driver. */
    void detachHandles(LooseDriver left) {
        era.detach(left);
        era = new Era(slot);
    }
}
