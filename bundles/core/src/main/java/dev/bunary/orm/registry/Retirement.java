package dev.bunary.orm.registry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One or more generations leaving together: all drain, then all close, within one deadline. None closes before all are
 * drained, because work on one may need another.
 *
 * <p>Work that it waits for may need a connection that nobody has open, and whose next driver waits for this one to
 * close. It gets a driver of the factory it is on, which joins and leaves with the others.
 *
 * <p>{@link #begin} is quick and may be called anywhere outside locks; {@link #finish} waits.
 */
final class Retirement {
    /** How long a driver's close() may go on after the deadline before its place is called stuck. */
    static final Duration CLOSE_GRACE = Duration.ofSeconds(1);

    private final Deadline deadline;
    private final List<Generation> leaving;
    private final List<Generation> joined = new ArrayList<>(); // guarded by this
    private boolean closing; // guarded by this
    private List<Generation> mine = List.of(); // the others are in another retirement, which began before

    /** Where work in here can find this; null if it need not. */
    private final @Nullable DriverRegistry registry;

    private Retirement(List<Generation> leaving, Deadline deadline, @Nullable DriverRegistry registry) {
        this.leaving = leaving;
        this.deadline = deadline;
        this.registry = registry;
    }

    /** Begins: the generations take no new work from now on, and what this thread holds itself is given up. */
    static Retirement begin(List<Generation> leaving, Deadline deadline) {
        return begin(leaving, deadline, null);
    }

    /** The same, known to a registry, where work in it can find it until it closes. */
    static Retirement begin(List<Generation> leaving, Deadline deadline, @Nullable DriverRegistry registry) {
        var retirement = new Retirement(leaving, deadline, registry);
        if (registry != null) {
            registry.draining().add(retirement); // first: who is refused is to find it
        }
        var begun = new ArrayList<Generation>();
        for (Generation generation : leaving) {
            if (generation.beginRetirement(retirement)) {
                begun.add(generation);
            }
        }
        retirement.mine = List.copyOf(begun);
        return retirement;
    }

    /** Adds the drivers that this thread works on. */
    void addWorkOfThisThread(List<Generation> found) {
        for (Generation generation : leaving) {
            if (generation.retirement() != null && generation.isWorkedOnHere()) {
                found.add(generation);
            }
        }
    }

    /** Whether it waits for work of this thread. */
    boolean isWorkedOnHere() {
        var found = new ArrayList<Generation>();
        addWorkOfThisThread(found);
        return !found.isEmpty();
    }

    /** How long there is before work here is given up, in nanoseconds. */
    long remaining() {
        return deadline.remaining();
    }

    synchronized boolean isClosing() {
        return closing;
    }

    /** Takes in what work here needs. Returns false if that has been given up: the driver must then be closed. */
    synchronized boolean join(Generation opened) {
        return !closing && joined.add(opened);
    }

    private synchronized List<Generation> allJoined() {
        closing = true;
        return joined;
    }

    /** Lets go of what this thread holds of all that is waited for here: it would wait for itself. */
    void abandonOwnWork() {
        for (Generation generation : leaving) {
            Retirement closer = generation.retirement();
            if (closer != null) {
                closer.leaving.forEach(Generation::abandonOwnPins);
            }
        }
    }

    /** Drains, ends what is left at the deadline, closes. Returns when all are closed, or a driver's close() hangs. */
    void finish() {
        if (registry != null && isWorkedOn()) {
            registry.wakeAll(); // who waits may be inside work that is waited for from now on
        }
        for (Generation generation : leaving) {
            generation.abandonOwnPins();
        }
        for (Generation generation : leaving) {
            generation.awaitDrained(deadline);
        }
        for (Generation generation : mine) {
            if (!generation.awaitDrained(deadline)) {
                generation.force();
            }
        }
        if (registry != null) {
            registry.draining().remove(this);
        }
        var closedHere = new ArrayList<>(mine);
        closedHere.addAll(allJoined());
        closedHere.forEach(Retirement::startClosing);
        Deadline limit = deadline.plus(CLOSE_GRACE); // also that of who began before with a deadline as late
        for (Generation generation : closedHere) {
            if (!generation.awaitClose(limit)) {
                var hangs = new IllegalStateException("close() has not returned yet");
                generation.place().stuck(generation, DriverFailure.of(hangs, generation.config()));
            }
        }
        for (Generation generation : leaving) { // what another retirement closes is not called stuck here
            generation.awaitCloseByOthers(limit);
        }
    }

    private boolean isWorkedOn() {
        for (Generation generation : leaving) {
            if (generation.longestPin().isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** Finishes on a thread of its own. */
    void finishLater(String connection) {
        ShortLivedThread.start("bunary-swap-" + connection, this::finish);
    }

    private static void startClosing(Generation generation) {
        ShortLivedThread.start("bunary-close-" + generation.number(), generation::close);
    }

    /** A pin that this thread holds on any of the leaving generations, with one more reference; null if there is none. */
    @Nullable
    PinnedLease pinOfThisThread() {
        for (Generation generation : leaving) {
            PinnedLease pin = generation.retainPinOfThisThread();
            if (pin != null) {
                return pin;
            }
        }
        return null;
    }
}
