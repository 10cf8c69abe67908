package dev.bunary.orm.registry;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

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
    // this library's own loader: the context class loader would tie the choice to whoever calls first
    private final ServiceProviders providers =
            new ServiceProviders(this, DriverRegistry.class.getClassLoader(), Duration.ofSeconds(10));
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
        var candidate = new Candidate(source);
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

    /** Takes announced factories back, as one group. */
    public void withdraw(Collection<Candidate> leaving) {
        announced.removeAll(leaving);
        Set<String> types = Candidate.types(leaving);
        users.forEach(user -> user.retryQuarantined(types)); // one may have failed because of these
        retire(leaving, List.of(), Deadline.in(longestDrain()));
        candidatesChanged(types);
    }

    private void candidatesChanged(Set<String> types) {
        users.forEach(user -> user.candidatesChanged(types));
        tellWatchers();
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

    /** Ends all that factories have open, and what else is to go with it, as one group: they may need each other. */
    void retire(Collection<Candidate> leaving, Collection<Generation> others, Deadline deadline) {
        var open = new LinkedHashSet<>(others);
        leaving.forEach(candidate -> open.addAll(candidate.depart()));
        claims.wakeAll(); // one of their openings may be waiting for an engine
        if (!open.isEmpty()) {
            Retirement.begin(List.copyOf(open), deadline).finish();
        }
        // last: a create() that hangs must not use up the time of those who work
        leaving.forEach(candidate -> candidate.awaitOpenings(deadline));
        users.forEach(user -> leaving.forEach(user::forget));
    }

    /** Reads what the service loader has, unless a framework feeds this registry. Runs constructors of drivers. */
    public void readProviders() {
        providers.readOnce();
    }

    List<Candidate> announced() {
        return List.copyOf(announced);
    }

    /** The announced factories that meet a condition, best first. */
    List<Candidate> announced(Predicate<Candidate> condition) {
        var meeting = new ArrayList<Candidate>();
        for (Candidate candidate : announced) {
            if (condition.test(candidate)) {
                meeting.add(candidate);
            }
        }
        meeting.sort(Candidate.ORDER);
        return meeting;
    }

    Set<String> announcedTypes() {
        var types = new TreeSet<String>();
        for (Candidate candidate : announced) {
            types.addAll(candidate.types());
        }
        return types;
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

    /** Closes all that uses this registry and forgets all factories: the library's bundle stops. */
    public void shutDown() {
        watchers.clear();
        Deadline deadline = Deadline.in(longestDrain()); // one for all: the framework waits
        List<Connections> closing = users();
        var open = new ArrayList<Generation>();
        var factories = new ArrayList<>(announced);
        announced.removeAll(factories);
        for (Connections user : closing) {
            open.addAll(user.shut());
            factories.addAll(user.takeFactories());
        }
        retire(factories, open, deadline);
        closing.forEach(user -> user.awaitEmpty(deadline));
        feeder = Feeder.FIXED;
    }
}
