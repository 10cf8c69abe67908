package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverException;
import dev.bunary.orm.driver.DriverSwappedException;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.driver.SqlException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One opened driver, its leases, and what was derived from it. Is itself the lease of a single operation, which is only
 * counted, so that the hot path allocates nothing. Safe for use by many threads.
 */
final class Generation implements Lease {
    private final Assignment assignment;
    private final DatabaseDriver driver;
    private final boolean exclusive;
    private final boolean holdsData;
    private final Set<String> tuning;
    private final Runnable giveClaimBack;

    private final LeaseCounter leases = new LeaseCounter();
    private final Set<PinnedLease> pins = ConcurrentHashMap.newKeySet();
    private final Map<Object, Object> derived = new ConcurrentHashMap<>();

    /** Set once, before the leases are shut. */
    private final AtomicReference<@Nullable Retirement> retirement = new AtomicReference<>();

    private final CountDownLatch closeReturned = new CountDownLatch(1);
    private final AtomicReference<@Nullable DriverHandle> handle = new AtomicReference<>();
    private volatile boolean forced;
    private volatile boolean served;
    private volatile @Nullable DriverFailure closeFailure;
    private volatile boolean closed;

    /** Where this generation serves; {@link Place#NOWHERE} once it is reset, or if it never was cached. */
    private volatile Place place = Place.NOWHERE;

    Generation(
            Assignment assignment,
            DatabaseDriver driver,
            boolean exclusive,
            boolean holdsData,
            Set<String> tuning,
            Runnable giveClaimBack) {
        this.assignment = assignment;
        this.driver = driver;
        this.exclusive = exclusive;
        this.holdsData = holdsData;
        this.tuning = tuning;
        this.giveClaimBack = giveClaimBack;
    }

    long number() {
        return assignment.number();
    }

    Candidate candidate() {
        return assignment.candidate();
    }

    DatabaseConfig config() {
        return assignment.config();
    }

    /** What it leaves by; null while it does not. */
    @Nullable
    Retirement retirement() {
        return retirement.get();
    }

    boolean isExclusive() {
        return exclusive;
    }

    boolean holdsData() {
        return holdsData;
    }

    Set<String> tuning() {
        return tuning;
    }

    void moveTo(Place newPlace) {
        place = newPlace;
    }

    Place place() {
        return place;
    }

    /** The handle of this generation in an era; the same at each call. */
    DriverHandle handle(Era era) {
        DriverHandle known = handle.get();
        if (known == null || !known.isOf(era, leases)) {
            handle.compareAndSet(known, new DriverHandle(assignment.connection(), era, leases));
            known = handle.get();
        }
        return known;
    }

    boolean isCountedBy(LeaseCounter counter) {
        return leases == counter;
    }

    /** Serves a slot from here on: its data may be missed once it is gone. */
    void serve() {
        served = true;
    }

    boolean hasServed() {
        return served;
    }

    /** Why close() failed; null if it did not. If this is null after {@link #moveTo}, the new place is told of it. */
    @Nullable
    DriverFailure closeFailure() {
        return closeFailure;
    }

    /** Whether the driver is closed. If this is false after {@link #moveTo}, the new place is told of it. */
    boolean isClosed() {
        return closed;
    }

    long leases() {
        return leases.sum();
    }

    // ---- leases

    /** A lease for a single operation, which is only counted. Returns null if this thread may not begin new work. */
    @Nullable
    Lease enter() {
        return leases.enter() == LeaseCounter.REFUSED ? nested() : this;
    }

    /** A lease for a unit of work that runs code of the caller. Returns null if this thread may not begin new work. */
    @Nullable
    HeldLease hold() {
        int stripe = leases.enter();
        if (stripe == LeaseCounter.REFUSED) {
            return nested();
        }
        var pin = new PinnedLease(this, stripe);
        pins.add(pin);
        if (forced) { // after it was counted, but maybe before anybody could find it
            pin.release();
            return nested();
        }
        return pin;
    }

    void unpin(PinnedLease pin) {
        pins.remove(pin);
    }

    void leave(int stripe) {
        leases.leave(stripe);
    }

    /** A lease inside one that this thread holds in the same retirement; null if it holds none. */
    private @Nullable NestedLease nested() {
        Retirement leaving = retirement.get();
        PinnedLease root = leaving == null ? null : leaving.pinOfThisThread();
        return root == null ? null : new NestedLease(this, root);
    }

    /** A lease inside work that this thread has open here; null if it has none. */
    @Nullable
    NestedLease insideOwnWork() {
        PinnedLease pin = retainPinOfThisThread();
        return pin == null ? null : new NestedLease(this, pin);
    }

    /** A pin of this thread that is not yet released, kept from ending by one more reference. */
    @Nullable
    PinnedLease retainPinOfThisThread() {
        for (PinnedLease pin : pins) {
            if (pin.thread() == Thread.currentThread() && pin.retain()) {
                return pin;
            }
        }
        return null;
    }

    /** Whether this thread has work open here that has not been given up. */
    boolean isWorkedOnHere() {
        for (PinnedLease pin : pins) {
            if (pin.thread() == Thread.currentThread() && !pin.isAbandoned()) {
                return true;
            }
        }
        return false;
    }

    /** The unit of work that has been open longest. */
    Optional<PinnedLease> longestPin() {
        return pins.stream().min((a, b) -> Long.compare(a.since(), b.since()));
    }

    // ---- the lease of a single operation

    @Override
    public DatabaseDriver driver() {
        return driver;
    }

    @Override
    @SuppressWarnings("unchecked") // a key is always used with one type
    public <T> T derived(Object key, Function<DatabaseDriver, T> make) {
        Object known = derived.get(key);
        if (known == null) {
            // not computeIfAbsent: making it may ask the driver, which must not be called under a lock
            Object made = make.apply(driver);
            Object first = derived.putIfAbsent(key, made);
            known = first == null ? made : first;
        }
        return (T) known;
    }

    @Override
    public RuntimeException explain(OrmException failure) {
        return forced ? explainAbandoned(failure, false) : named(failure);
    }

    @Override
    public RuntimeException explainRead(OrmException failure) {
        return forced ? explainAbandoned(failure, true) : named(failure);
    }

    private OrmException named(OrmException failure) {
        failure.nameConnection(assignment.connection());
        return failure;
    }

    private static boolean isOfTheDriver(OrmException failure) {
        return failure instanceof SqlException
                || failure instanceof DriverException && !(failure instanceof DriverSwappedException);
    }

    /** Explains a failure of work that a swap gave up on. */
    RuntimeException explainAbandoned(OrmException failure, boolean outcomeKnown) {
        return isOfTheDriver(failure) ? swapped(outcomeKnown, failure) : named(failure);
    }

    DriverSwappedException swapped(boolean outcomeKnown, @Nullable Throwable cause) {
        var swapped = new DriverSwappedException(
                "connection '" + assignment.connection() + "': generation " + number()
                        + " was swapped while this work was open; "
                        + (outcomeKnown
                                ? "nothing of it was committed, so run it again"
                                : "whether it was committed is unknown, so look before you run it again"),
                number(),
                outcomeKnown,
                cause);
        swapped.nameConnection(assignment.connection());
        return swapped;
    }

    @Override
    public void release() {
        leases.leave();
    }

    // ---- the way out, called by Retirement

    /** Takes no new work from now on. Returns false if another retirement has it already. */
    boolean beginRetirement(Retirement by) {
        boolean first = retirement.compareAndSet(null, by);
        leases.shut(); // in any case: whoever retires it waits for it, and the other may not have come to this line
        if (first) {
            place.draining(this, leases.sum());
        }
        return first;
    }

    boolean awaitDrained(Deadline deadline) {
        return leases.awaitEmpty(deadline);
    }

    /** Lets go of what this very thread holds: it would wait for itself. That work fails from now on. */
    void abandonOwnPins() {
        for (PinnedLease pin : pins) {
            if (pin.thread() == Thread.currentThread()) {
                pin.abandon();
            }
        }
    }

    /** Gives up waiting. What is still open fails when the driver closes. */
    void force() {
        forced = true;
        pins.forEach(PinnedLease::abandon);
        place.forced(this, Set.copyOf(pins));
    }

    /** Closes the driver, then tells the place. Called once, on a thread of its own, as a driver may hang. */
    void close() {
        place.closing(this);
        try {
            driver.close();
        } catch (Throwable thrown) { // an Error of a driver whose classes are half gone must not look like a success
            DriverFailure failure = DriverFailure.of(thrown, config());
            closeFailure = failure; // before the place is read, which may be another by now
            place.stuck(this, failure);
            closeReturned.countDown();
            return;
        }
        giveClaimBack.run();
        candidate().forget(this);
        derived.clear();
        closed = true; // before the place is read, which may be another by now
        place.closed(this);
        closeReturned.countDown();
    }

    /** Waits, whatever interrupts come, until close() returned or threw. Returns false at the deadline. */
    boolean awaitClose(Deadline deadline) {
        return deadline.awaitUninterruptibly(closeReturned);
    }

    /** The same; but not where the retirement that closes it waits for work of this thread. */
    void awaitCloseByOthers(Deadline deadline) {
        Retirement closer = retirement.get();
        if (closer != null && !closer.isWorkedOnHere()) {
            awaitClose(deadline);
        }
    }
}
