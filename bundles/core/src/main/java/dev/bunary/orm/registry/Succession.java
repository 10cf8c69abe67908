package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.SwapStrategy;
import dev.bunary.orm.registry.SlotEvents.Drained;
import dev.bunary.orm.swap.DriverEvent.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which factory serves a slot next, and how its driver takes over. Safe for use by many threads. */
final class Succession {
    private final String connection;
    private final Connections owner;
    private final SlotState state;
    private final SlotEvents events;
    private final Departure departure;
    private final Choice choice;

    Succession(
            String connection,
            Connections owner,
            SlotState state,
            SlotEvents events,
            Departure departure,
            Choice choice) {
        this.connection = connection;
        this.owner = owner;
        this.state = state;
        this.events = events;
        this.departure = departure;
        this.choice = choice;
    }

    /** Asks, without the lock, which factories serve: their answers are remembered, and used under the lock. */
    void askFactories(@Nullable DatabaseConfig wanted) {
        if (wanted != null) {
            owner.ask(wanted);
        }
    }

    /** Prefers a factory to all others from now on, or none. */
    void pin(@Nullable Pin wanted) {
        state.lock();
        try {
            choice.pin(wanted);
        } finally {
            state.unlockAndTell();
        }
        reconsider();
    }

    /** Swaps the driver if another factory is to serve now, or with another configuration. */
    void reconsider() {
        askFactories(state.readConfig());
        Generation serving;
        Candidate best;
        DatabaseConfig wanted;
        state.lock();
        try {
            serving = state.current();
            best = choice.betterThanCurrent();
            wanted = state.config();
        } finally {
            state.unlockAndTell();
        }
        // factories are asked without the lock, as they are code of the driver; swapFor checks again what they were
        // asked for
        if (serving == null || wanted == null || best == null && !isDisowned(serving, wanted)) {
            return;
        }
        boolean beside;
        try {
            beside = best != null && mayOpenBeside(serving, best, wanted);
        } catch (RuntimeException | LinkageError broken) {
            quarantineUnasked(best, DriverFailure.of(broken, wanted));
            return;
        }
        swapFor(serving, best, wanted, beside);
    }

    /** Whether its factory, which is still there, does not serve this connection any more. */
    private static boolean isDisowned(Generation serving, DatabaseConfig wanted) {
        return !serving.holdsData() && !serving.candidate().serves(wanted);
    }

    private static boolean mayOpenBeside(Generation serving, Candidate best, DatabaseConfig wanted) {
        if (serving.holdsData()) {
            return false;
        }
        if (best == serving.candidate()) {
            return best.factory().reconfigureStrategy(serving.config(), wanted) == SwapStrategy.OVERLAP;
        }
        return best.factory().swapStrategy(wanted) == SwapStrategy.OVERLAP && !serving.isExclusive();
    }

    /** Without a better one, the driver that serves is only taken away. */
    private void swapFor(Generation serving, @Nullable Candidate best, DatabaseConfig wanted, boolean beside) {
        Retirement leaving = null;
        Opening begun = null;
        state.lock();
        try {
            // whoever changed one of these judges anew
            if (serving == state.current() && best == choice.betterThanCurrent() && wanted.equals(state.config())) {
                if (beside && best != null) {
                    begun = beginBeside(best, wanted);
                } else if (best == null || choice.isWorthAnEviction(best)) {
                    leaving = beginEviction();
                }
            }
        } finally {
            state.unlockAndTell();
        }
        if (begun != null) {
            Opening watched = begun;
            start(watched);
            ShortLivedThread.start("bunary-watch-" + connection, () -> watch(watched));
        }
        if (leaving != null) {
            leaving.finishLater(connection);
        }
    }

    /** Begins to evict the current driver, if one is bound; callers wait from now on. Called with the lock held. */
    @Nullable
    Retirement beginEviction() {
        Generation leaving = state.current();
        return leaving == null || !state.isBound() ? null : owner.beginRetirement(leaving);
    }

    // ---- opening

    private @Nullable Opening beginBeside(Candidate best, DatabaseConfig wanted) {
        Opening running = state.opening();
        if (running != null && running.deadline().hasPassed()) {
            abandon(running);
        }
        return state.opening() == null ? begin(best, wanted) : null; // or judged again when that one ends
    }

    /** Begins an opening, which is then to be started without the lock. Called with the lock held. */
    Opening begin(Candidate candidate, DatabaseConfig wanted) {
        var begun = new Opening(
                new Assignment(connection, state.generations() + 1, candidate, wanted),
                owner.claims(),
                owner.timeouts(),
                null);
        state.beginOpening(begun);
        return begun;
    }

    /** Runs what was begun. Called without the lock. */
    void start(Opening begun) {
        begun.start((opened, failure) -> openingEnded(begun, opened, failure));
    }

    /** Gives up on a factory that hangs. What it opens after all is closed when it comes. Called with the lock held. */
    void abandon(Opening hanging) {
        long millis = Duration.ofNanos(hanging.deadline().elapsed()).toMillis();
        var late = new IllegalStateException("create() has not returned after " + millis + " ms");
        quarantine(hanging.candidate(), DriverFailure.of(late, hanging.config()));
        state.endOpening();
    }

    /** Called once per opening, on its thread. */
    private void openingEnded(Opening ended, @Nullable Generation opened, @Nullable DriverFailure failure) {
        Retirement leaving = null;
        Candidate passedOver = null;
        state.lock();
        try {
            if (state.opening() != ended) { // abandoned, or not wanted any more
                leaving = opened == null ? null : retirementAtOnce(opened);
            } else if (opened == null) {
                failed(ended, failure);
            } else {
                leaving = settle(ended, opened);
                // also beside another: whoever waited to try the failed one again stopped when this opening began
                passedOver = state.isBound() ? choice.failedBefore(opened.candidate(), ended.config()) : null;
            }
        } finally {
            state.unlockAndTell();
        }
        if (leaving != null) {
            leaving.finishLater(connection);
        }
        reconsider(); // what changed during the opening is judged now
        if (passedOver != null) {
            retry(passedOver);
        }
    }

    /** Follows an opening beside a driver that serves: it may hang, and callers would not notice. */
    private void watch(Opening beside) {
        boolean goOn;
        state.lock();
        try {
            while (state.opening() == beside && !beside.deadline().hasPassed()) {
                state.awaitChange(beside.deadline().remaining());
            }
            if (state.opening() == beside) {
                abandon(beside);
            }
            goOn = choice.quarantines().of(beside.candidate()) != null;
        } catch (InterruptedException unexpected) { // nobody knows this thread
            Thread.currentThread().interrupt();
            return;
        } finally {
            state.unlockAndTell();
        }
        if (goOn) {
            reconsider(); // for the next best
            retry(beside.candidate());
        }
    }

    private void retry(Candidate failed) {
        awaitRetry(failed);
        reconsider();
    }

    private static Retirement retirementAtOnce(Generation unused) {
        return Retirement.begin(List.of(unused), Deadline.in(Duration.ZERO));
    }

    /** A wrong configuration is told to the callers that wait, unless another factory serves or may take it. */
    private void failed(Opening ended, @Nullable DriverFailure failure) {
        if (ended.isGivenUp()) {
            state.endOpening();
            return;
        }
        if (failure != null && (ended.isWorthATry() || somebodyElseServes(ended))) {
            quarantine(ended.candidate(), failure);
        } else {
            ended.tellFailure();
        }
        state.endOpening();
    }

    private boolean somebodyElseServes(Opening ended) {
        return state.isBound() || choice.hasOther(ended.candidate(), ended.config());
    }

    /** Takes in what was opened. Returns what must leave for it. */
    private @Nullable Retirement settle(Opening ended, Generation opened) {
        opened.moveTo(departure); // first, so that a factory that leaves from here on tells this slot
        state.count(opened);
        Generation before = state.isBound() ? state.current() : null;
        if (state.isClosing()
                || !ended.config().equals(state.config())
                || ended.candidate().hasDeparted()) {
            return refuse(opened, before);
        }
        choice.quarantines().remove(opened.candidate());
        state.bind(opened);
        if (before == null) {
            noteBound(opened, departure.takeCost());
            return null;
        }
        // OVERLAP: new work goes to the new driver from here on, and the old one drains
        noteBeside(opened, before);
        return owner.beginRetirement(before);
    }

    /** Nothing may begin on it. */
    private Retirement refuse(Generation opened, @Nullable Generation before) {
        Retirement unwanted = retirementAtOnce(opened);
        if (before != null) {
            state.endOpening();
        } else {
            state.refuse(opened);
            DriverFailure closeFailure = opened.closeFailure();
            if (opened.isClosed()) { // its factory left and closed it before it was told of this place
                state.letGo();
            } else if (closeFailure != null) { // or could not
                departure.stick(opened, closeFailure);
            }
        }
        return unwanted;
    }

    private void noteBound(Generation opened, Drained cost) {
        if (opened.number() == 1) {
            events.note(Kind.BOUND, opened, Drained.NOTHING, " bound, generation 1, by " + opened.candidate());
        } else {
            events.note(
                    Kind.REBOUND,
                    opened,
                    cost,
                    " rebound, generation " + opened.number() + ", drained " + cost.leases() + " leases in "
                            + cost.took().toMillis() + " ms, by " + opened.candidate());
        }
    }

    private void noteBeside(Generation opened, Generation before) {
        long leases = before.leases();
        events.note(
                Kind.REBOUND,
                opened,
                new Drained(leases, Duration.ZERO, 0),
                " rebound, generation " + opened.number() + ", beside generation " + before.number() + " with " + leases
                        + " leases, by " + opened.candidate());
    }

    // ---- quarantine

    /** A factory that cannot even be asked does not get the driver that serves evicted. */
    private void quarantineUnasked(Candidate broken, DriverFailure failure) {
        state.lock();
        try {
            quarantine(broken, failure);
        } finally {
            state.unlockAndTell();
        }
    }

    private void quarantine(Candidate candidate, DriverFailure failure) {
        if (candidate.hasDeparted() || state.isClosing()) {
            return; // nobody would take it out again, and its class loader with it
        }
        Quarantine quarantine = choice.quarantines().add(candidate, failure);
        long millis = Duration.ofNanos(quarantine.remaining()).toMillis();
        String message = candidate + " is left alone for " + millis + " ms: " + failure.reason();
        events.note(Kind.QUARANTINED, state.generations(), candidate, Drained.NOTHING, message);
    }

    /**
     * Waits, while another driver serves and so no caller would, until a factory that failed may try again. Not if that
     * cannot end otherwise, as with a wrong configuration.
     */
    private void awaitRetry(Candidate failed) {
        state.lock();
        try {
            Quarantine mine = choice.quarantines().of(failed);
            while (mine != null
                    && mine.isWorthATry()
                    && !mine.isOver()
                    && mine == choice.quarantines().of(failed)
                    && state.isBound()
                    && state.opening() == null
                    && !state.isClosing()) {
                state.awaitChange(mine.remaining());
            }
        } catch (InterruptedException unexpected) { // nobody knows this thread
            Thread.currentThread().interrupt();
        } finally {
            state.unlockAndTell();
        }
    }

    // ---- told by others

    /** Judges the choice anew after factories came, changed or went. Quarantined ones may try again at once. */
    void candidatesChanged(Set<String> types) {
        askFactories(state.readConfig());
        if (retryQuarantined(types)) {
            reconsider();
        }
    }

    /** Quarantined factories may try again at once. Returns whether these types concern this slot. */
    boolean retryQuarantined(Set<String> types) {
        state.lock();
        try {
            DatabaseConfig wanted = state.config();
            boolean concerned = wanted != null && types.contains(wanted.type());
            if (concerned) {
                choice.quarantines().retryNow();
                leaveTheDeparted();
                state.wakeAll();
            }
            return concerned;
        } finally {
            state.unlockAndTell();
        }
    }

    /** Nobody waits for what a factory that has left is still opening, if another may open a driver. */
    private void leaveTheDeparted() {
        Opening running = state.opening();
        if (running != null
                && running.candidate().hasDeparted()
                && choice.hasOther(running.candidate(), running.config())) {
            state.endOpening();
        }
    }

    /** Forgets a factory that is gone. */
    void forget(Candidate gone) {
        state.lock();
        try {
            choice.quarantines().remove(gone);
            state.wakeAll(); // who waits to try it again
        } finally {
            state.unlockAndTell();
        }
    }
}
