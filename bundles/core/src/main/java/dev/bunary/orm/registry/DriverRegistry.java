package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DatabaseConfig;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The announced factories, and all that use them. There is one per class loader of this library: OSGi services, module
 * layers and the service loader feed it. Knows no framework. Safe for use by many threads.
 */
public final class DriverRegistry {
    private static final DriverRegistry SHARED = new DriverRegistry();

    private final List<Candidate> announced = new CopyOnWriteArrayList<>();
    private final List<Connections> users = new CopyOnWriteArrayList<>();
    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
    private final EngineClaims claims = new EngineClaims();
    private final Set<Retirement> draining = ConcurrentHashMap.newKeySet();
    // this library's own loader: the context class loader would tie the choice to whoever calls first
    private final ServiceProviders providers =
            new ServiceProviders(this, DriverRegistry.class.getClassLoader(), Duration.ofSeconds(10));
    private final AtomicInteger departing = new AtomicInteger(); // how many are about to take factories back
    private volatile Feeder feeder = Feeder.FIXED;

    DriverRegistry() {}

    /** The one of this class loader. */
    public static DriverRegistry shared() {
        return SHARED;
    }

    /** Says who feeds this registry from now on; the service loader is not read any more. */
    public void feedBy(Feeder newFeeder) {
        providers.disable();
        feeder = newFeeder;
    }

    /** Who feeds it now. */
    public Feeder feeder() {
        return feeder;
    }

    EngineClaims claims() {
        return claims;
    }

    /** Connections that use this registry until they are closed. */
    public Connections connect(Timeouts timeouts) {
        var connections = new Connections(this, timeouts);
        users.add(connections);
        return connections;
    }

    void remove(Connections connections) {
        users.remove(connections);
    }

    /** All that is not closed yet. */
    public List<Connections> users() {
        return List.copyOf(users);
    }

    // ---- factories

    /** Announces a factory to all. Opens nothing. */
    public Candidate announce(FactorySource source) {
        var candidate = new Candidate(source, this, null);
        announced.add(candidate);
        candidatesChanged(candidate.types());
        return candidate;
    }

    /** Takes other types or another ranking of an announced factory. */
    public void announceAgain(Candidate candidate, Set<String> types, int ranking) {
        var affected = new TreeSet<>(candidate.types());
        affected.addAll(types);
        candidate.announceAgain(types, ranking);
        candidatesChanged(affected);
    }

    /** Takes an announced factory back. Returns when its drivers are closed, or its close() hangs. */
    public void withdraw(Candidate candidate) {
        withdraw(List.of(candidate));
    }

    /** The same for several, as one group with one deadline. */
    public void withdraw(List<Candidate> gone) {
        takeBack(users, longestDrain(), () -> {
            announced.removeAll(gone);
            return gone;
        });
        tellWatchers();
    }

    /** Removes factories, so that nobody can choose them, and ends what they have open; those concerned go on with others. */
    private void takeBack(List<Connections> concerned, Duration drainTimeout, Supplier<List<Candidate>> remove) {
        Deadline deadline = Deadline.in(drainTimeout);
        List<Candidate> gone;
        Retirement leaving;
        departing.incrementAndGet();
        try {
            gone = remove.get();
            if (gone.isEmpty()) {
                return;
            }
            leaving = depart(gone, deadline);
        } finally {
            departing.decrementAndGet();
            wakeAll(); // who waited because of that
        }
        var types = new TreeSet<String>();
        gone.forEach(candidate -> types.addAll(candidate.types()));
        concerned.forEach(user -> user.retryQuarantined(types)); // one may have failed because of one of these
        finish(leaving, gone, deadline);
        concerned.forEach(user -> user.candidatesChanged(types));
    }

    /**
     * Whether a caller without a factory is to wait: one may come, or the caller may be inside work on one that is just
     * being removed, which gets drivers of it as soon as that work is waited for.
     */
    boolean mayBringMore() {
        return feeder.mayBringMore() || departing.get() > 0;
    }

    private void candidatesChanged(Set<String> types) {
        users.forEach(user -> user.candidatesChanged(types));
        tellWatchers();
    }

    /** Begins a retirement, which work in it can find. */
    Retirement beginRetirement(List<Generation> leaving, Deadline deadline) {
        return Retirement.begin(leaving, deadline, this);
    }

    /** The retirements that wait for work to end. */
    Set<Retirement> draining() {
        return draining;
    }

    /** The drivers that leave and that this thread works on; hardly ever any. */
    List<Generation> leavingWorkOfThisThread() {
        var work = new ArrayList<Generation>();
        for (Retirement each : draining) {
            each.addWorkOfThisThread(work);
        }
        return work;
    }

    /** Callers look again at what they wait for. To be called without a lock. */
    void wakeAll() {
        users.forEach(Connections::wakeAll);
    }

    private Duration longestDrain() {
        Duration longest =
                users.isEmpty() ? Duration.ofSeconds(5) : Duration.ZERO; // a closed Orm may have left drivers
        for (Connections user : users) {
            Duration drain = user.timeouts().drain();
            longest = drain.compareTo(longest) > 0 ? drain : longest;
        }
        return longest;
    }

    /** Ends all that factories which are gone have open, as one group with one deadline. */
    void retire(List<Candidate> gone, Deadline deadline) {
        finish(depart(gone, deadline), gone, deadline);
    }

    private Retirement depart(List<Candidate> gone, Deadline deadline) {
        var ledger = new ArrayList<Generation>();
        for (Candidate candidate : gone) {
            ledger.addAll(candidate.depart());
        }
        claims.wakeAll(); // one of their openings may be waiting for an engine
        return beginRetirement(ledger, deadline);
    }

    private void finish(Retirement leaving, List<Candidate> gone, Deadline deadline) {
        Deadline limit = deadline.plus(Retirement.CLOSE_GRACE);
        leaving.abandonOwnWork(); // the classes go, so these must be closed
        leaving.finish();
        // last: a create() that hangs must not use up the time of those who work
        for (Candidate candidate : gone) {
            candidate.awaitOpenings(deadline);
        }
        for (Candidate candidate : gone) {
            for (Generation late : candidate.depart()) { // opened for work in flight
                late.awaitCloseByOthers(limit);
            }
            for (Connections user : users) {
                user.forget(candidate);
            }
        }
    }

    /** Takes back what code has registered with any user and meets a condition; returns as {@link #withdraw} does. */
    public void unregister(Predicate<Candidate> condition) {
        unregister(users(), condition, longestDrain());
    }

    void unregister(List<Connections> from, Predicate<Candidate> condition, Duration drainTimeout) {
        takeBack(from, drainTimeout, () -> {
            var gone = new ArrayList<Candidate>();
            from.forEach(user -> gone.addAll(user.takeExplicit(condition)));
            return gone;
        });
    }

    /** Reads what the service loader has, unless a framework feeds this registry. Runs constructors of drivers. */
    public void readProviders() {
        providers.readOnce();
    }

    List<Candidate> announced() {
        return List.copyOf(announced);
    }

    /** The announced factories that are known to serve a configuration, best first. */
    List<Candidate> announced(DatabaseConfig config) {
        var serving = new ArrayList<Candidate>();
        for (Candidate candidate : announced) {
            if (candidate.isKnownToServe(config)) {
                serving.add(candidate);
            }
        }
        serving.sort(Candidate.ORDER);
        return serving;
    }

    // ---- those who want to know of any change

    /** Calls back, outside locks, after factories, configurations or connections changed. */
    public void watch(Runnable watcher) {
        watchers.add(watcher);
    }

    void tellWatchers() {
        watchers.forEach(DriverRegistry::tell);
    }

    /** What changed has changed: a watcher that fails undoes nothing of it, and hides it from no other. */
    private static void tell(Runnable watcher) {
        try {
            watcher.run();
        } catch (RuntimeException | LinkageError failure) {
            SwapLog.log(Level.WARNING, "not all was done after factories or connections changed", failure);
        }
    }

    /**
     * Closes all that uses this registry and forgets all factories, as one group with one deadline: the library's bundle
     * stops, and the framework waits for it.
     */
    public void shutDown() {
        watchers.clear();
        Deadline deadline = Deadline.in(longestDrain());
        Deadline limit = deadline.plus(Retirement.CLOSE_GRACE);
        List<Connections> closing = users();
        closing.forEach(Connections::shut);
        var gone = new ArrayList<>(announced);
        closing.forEach(user -> gone.addAll(user.takeExplicit(candidate -> true)));
        announced.removeAll(gone);
        retire(gone, deadline);
        closing.forEach(user -> user.awaitEmpty(limit));
        feeder = Feeder.FIXED;
    }
}
