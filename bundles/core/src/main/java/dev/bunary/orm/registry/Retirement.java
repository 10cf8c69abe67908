package dev.bunary.orm.registry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One or more generations leaving together: all drain, then all close, within one deadline. None closes before all are
 * drained, because work on one may need another.
 *
 * <p>{@link #begin} is quick and may be called anywhere outside locks; {@link #finish} waits.
 */
final class Retirement {
    /** How long a driver's close() may go on after the deadline before its place is called stuck. */
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(1);

    private final Deadline deadline;
    private final List<Generation> leaving;
    private List<Generation> mine = List.of(); // the others are in another retirement, which began before

    private Retirement(List<Generation> leaving, Deadline deadline) {
        this.leaving = leaving;
        this.deadline = deadline;
    }

    /** Begins: the generations take no new work from now on, and what this thread holds itself is given up. */
    static Retirement begin(List<Generation> leaving, Deadline deadline) {
        var retirement = new Retirement(leaving, deadline);
        var begun = new ArrayList<Generation>();
        for (Generation generation : leaving) {
            if (generation.beginRetirement(retirement)) {
                begun.add(generation);
            }
        }
        retirement.mine = List.copyOf(begun);
        return retirement;
    }

    /** Drains, ends what is left at the deadline, closes. Returns when all are closed, or a driver's close() hangs. */
    void finish() {
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
        for (Generation generation : mine) {
            startClosing(generation);
        }
        Deadline closing = deadline.plus(CLOSE_GRACE); // also that of who began before with a deadline as late
        for (Generation generation : leaving) {
            // what another retirement has begun to close ends within a deadline of its own
            if (!generation.awaitClose(closing) && mine.contains(generation)) {
                var hangs = new IllegalStateException("close() has not returned yet");
                generation.place().stuck(generation, DriverFailure.of(hangs, generation.config()));
            }
        }
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
