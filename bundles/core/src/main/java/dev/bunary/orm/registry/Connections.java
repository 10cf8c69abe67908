package dev.bunary.orm.registry;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.DriverUnavailableException;
import dev.bunary.orm.driver.NoDriverException;
import dev.bunary.orm.swap.DriverListener;
import dev.bunary.orm.swap.DriverState;
import dev.bunary.orm.swap.DriverStatus;
import dev.bunary.orm.swap.Registration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All that one {@code Orm} has: its named connections, and the factories registered by code for it alone. Safe for use
 * by many threads.
 */
public final class Connections implements AutoCloseable {
    private final DriverRegistry registry;
    private final Events events = new Events();
    private final ConcurrentMap<String, DriverSlot> slots = new ConcurrentHashMap<>();

    /** Registered by code; the last of a type wins. */
    private final List<Candidate> explicit = new CopyOnWriteArrayList<>();

    private long configuredVersion = -1; // guarded by this
    private volatile Map<String, DatabaseConfig> configured = Map.of();
    private volatile Timeouts timeouts;
    private volatile boolean closed;

    Connections(DriverRegistry registry, Timeouts timeouts) {
        this.registry = registry;
        this.timeouts = timeouts;
    }

    /**
     * Takes connections and time-outs. Connections that changed are drained in the background. Those that are gone throw
     * from now on, and are drained and closed before this returns.
     *
     * @param version higher for a later configuration: several threads may be at this, and the latest one holds
     */
    public void configure(long version, Map<String, DatabaseConfig> connections, Timeouts newTimeouts) {
        if (!take(version, connections, newTimeouts)) {
            return;
        }
        connections.forEach((name, config) -> slot(name).configure(version, config));
        var gone = new ArrayList<DriverSlot>();
        slots.forEach((name, slot) -> {
            if (!connections.containsKey(name)) {
                gone.add(slot);
            }
        });
        Deadline deadline = Deadline.in(timeouts.drain());
        retire(gone, slot -> slot.forgetConfiguration(version), deadline);
        registry.tellWatchers();
    }

    /** Returns whether this is the latest so far. Another thread may be at it too: whoever returns must find it applied. */
    private synchronized boolean take(long version, Map<String, DatabaseConfig> connections, Timeouts newTimeouts) {
        boolean latest = version >= configuredVersion;
        if (latest) {
            configuredVersion = version;
            timeouts = newTimeouts;
            configured = connections;
        }
        return latest;
    }

    /** Retires what the slots have open, as one group. */
    private void retire(
            Collection<DriverSlot> leaving, Function<DriverSlot, List<Generation>> leave, Deadline deadline) {
        var open = new ArrayList<Generation>();
        for (DriverSlot slot : leaving) {
            open.addAll(leave.apply(slot));
        }
        claims().wakeAll(); // what was being opened may be waiting for an engine
        Deadline limit = deadline.plus(Retirement.CLOSE_GRACE);
        registry.beginRetirement(open, deadline).finish();
        leaving.forEach(slot -> slot.awaitEmpty(limit)); // what was being opened is closed when it comes
    }

    /** The place of a connection, which lasts while its name does not change; it need not be configured yet. */
    public DriverSlot slot(String connection) {
        DriverSlot slot = slots.computeIfAbsent(connection, name -> new DriverSlot(name, this));
        if (closed) { // close() may have looked before this one was there
            slot.shut();
        }
        return slot;
    }

    /** Throws unless the connection is configured. */
    public void requireConfigured(String connection) {
        if (!configured.containsKey(connection)) {
            throw notConfigured(connection);
        }
    }

    /** What each configured connection's driver is doing. */
    public List<DriverStatus> status() {
        registry.readProviders();
        return configured.keySet().stream().map(name -> slot(name).status()).toList();
    }

    public Registration listen(DriverListener listener) {
        return events.listen(Objects.requireNonNull(listener, "listener"));
    }

    /** Stops telling the listeners that meet a condition. */
    public void forgetListeners(Predicate<DriverListener> condition) {
        events.forget(condition);
    }

    // ---- factories

    /** Throws if the Orm is closed: what is registered or opened after that, nobody would close. */
    public void requireOpen() {
        if (closed) {
            throw new DriverClosedException("this Orm is closed; create another");
        }
    }

    /** Registers a factory for this Orm alone. */
    public Registration register(String type, @Nullable DriverFactory factory) {
        Candidate registered = registerFactory(type, factory);
        return () -> unregister(registered::equals);
    }

    /** As {@link #register}, for whoever takes several back at once. */
    Candidate registerFactory(String type, @Nullable DriverFactory factory) {
        requireOpen();
        if (type == null || type.isBlank()) {
            throw new ConfigurationException("registerDriver was given no type; name one, such as 'postgres'");
        }
        if (factory == null) {
            throw new ConfigurationException(
                    "registerDriver(\"" + type + "\", null): the factory is null; give one, such as a lambda");
        }
        String name = factory.getClass().getName();
        var candidate = new Candidate(
                new FactorySource(factory, Set.of(type), factory.ranking(), name, "", "registerDriver", 0, 0),
                this,
                registry.feeder().caller().orElse(null));
        explicit.add(0, candidate);
        if (closed) { // close() may have looked before this one was there
            unregister(candidate::equals);
        }
        requireOpen();
        candidatesChanged(Set.of(type));
        return candidate;
    }

    /** Takes back the factories registered here that meet a condition; their drivers are drained and closed. */
    public void unregister(Predicate<Candidate> condition) {
        registry.unregister(List.of(this), condition, timeouts.drain());
    }

    /** Forgets the factories registered here that meet a condition. Returns those that the caller has to retire. */
    List<Candidate> takeExplicit(Predicate<Candidate> condition) {
        var taken = new ArrayList<Candidate>();
        for (Candidate candidate : explicit) {
            if (condition.test(candidate) && explicit.remove(candidate)) { // another thread may be at it too
                taken.add(candidate);
            }
        }
        return taken;
    }

    void retryQuarantined(Set<String> types) {
        slots.values().forEach(slot -> slot.succession.retryQuarantined(types));
    }

    void candidatesChanged(Set<String> types) {
        slots.values().forEach(slot -> slot.succession.candidatesChanged(types));
    }

    /** Callers look again at what they wait for. */
    void wakeAll() {
        slots.values().forEach(DriverSlot::wakeAll);
    }

    void forget(Candidate gone) {
        slots.values().forEach(slot -> slot.succession.forget(gone));
    }

    /** Asks, without a lock, which factories serve a configuration; {@link #candidates} goes by what they have said. */
    void ask(DatabaseConfig config) {
        for (Candidate candidate : all()) {
            candidate.serves(config);
        }
    }

    private List<Candidate> all() {
        var all = new ArrayList<>(explicit);
        all.addAll(registry.announced());
        return all;
    }

    /** Whether a factory has come since {@link #ask}, which is not among the candidates before it is asked. */
    boolean isToAsk(DatabaseConfig config) {
        for (Candidate candidate : all()) {
            if (candidate.isUnasked(config)) {
                return true;
            }
        }
        return false;
    }

    /** The factories for a configuration, best first: those registered here, then the announced ones. */
    List<Candidate> candidates(DatabaseConfig config) {
        var candidates = new ArrayList<Candidate>();
        for (Candidate candidate : explicit) {
            if (candidate.isKnownToServe(config)) {
                candidates.add(candidate);
            }
        }
        candidates.addAll(registry.announced(config));
        return candidates;
    }

    private Set<String> knownTypes() {
        var types = new TreeSet<String>();
        for (Candidate candidate : all()) {
            types.addAll(candidate.types());
        }
        return types;
    }

    // ---- what the slots ask

    /** To be called before a slot's lock is taken, as it runs constructors of drivers. */
    void readProviders() {
        registry.readProviders();
    }

    Timeouts timeouts() {
        return timeouts;
    }

    Events events() {
        return events;
    }

    EngineClaims claims() {
        return registry.claims();
    }

    boolean mayWaitForFactories() {
        return registry.mayBringMore() && mayPark();
    }

    boolean mayPark() {
        return registry.feeder().mayPark();
    }

    ConfigurationException notConfigured(String connection) {
        var failure = new ConfigurationException("connection '" + connection
                + "' is not configured; known connections: " + String.join(", ", configured.keySet())
                + "; add it with OrmConfig.with(\"" + connection + "\", ...)");
        failure.nameConnection(connection);
        return failure;
    }

    /** There is no factory, and none is to be waited for. */
    NoDriverException noDriver(String connection, DatabaseConfig wanted) {
        String type = wanted.type();
        var failure = new NoDriverException(
                "connection '" + connection + "' has no driver for type '" + type + "' (state UNBOUND); "
                        + knownTypesText(wanted) + "; " + remedy(type, DriverState.UNBOUND, null),
                knownTypes());
        failure.nameConnection(connection);
        return failure;
    }

    /** There was no working driver in time, or must not be waited for. */
    DriverUnavailableException unavailable(
            String connection,
            DatabaseConfig wanted,
            DriverState state,
            Deadline waited,
            @Nullable DriverFailure failed) {
        String type = wanted.type();
        var failure = new DriverUnavailableException(
                "connection '" + connection + "' has no working " + type + " driver" + after(waited) + " (state "
                        + state
                        + "); "
                        + (failed == null ? knownTypesText(wanted) : "last cause: " + failed.reason())
                        + "; " + remedy(type, state, failed),
                state.name(),
                failed == null ? null : failed.cause());
        failure.nameConnection(connection);
        return failure;
    }

    private String knownTypesText(DatabaseConfig wanted) {
        Set<String> types = knownTypes();
        return "known types: " + (types.isEmpty() ? "none" : String.join(", ", types)) + passedOver(wanted);
    }

    /** The factories of the type, if none of them serves this configuration. */
    private String passedOver(DatabaseConfig wanted) {
        List<String> refusing = all().stream()
                .filter(candidate -> candidate.types().contains(wanted.type()))
                .map(Candidate::toString)
                .toList();
        return refusing.isEmpty() || !candidates(wanted).isEmpty()
                ? ""
                : " (its factories do not take this configuration: " + String.join(", ", refusing) + ")";
    }

    private static String after(Deadline waited) {
        long millis = TimeUnit.NANOSECONDS.toMillis(waited.elapsed());
        return millis < 1 ? "" : " after " + millis + " ms";
    }

    private String remedy(String type, DriverState state, @Nullable DriverFailure failed) {
        if (!mayPark()) {
            return "this thread is starting or stopping a bundle and must not wait, so use the Orm service, which comes"
                    + " when a driver is there";
        }
        if (state == DriverState.STUCK) {
            return "its close() does not end; resetDriver() gives it up";
        }
        if (state == DriverState.DRAINING || state == DriverState.CLOSING) {
            return "work on the last driver has not ended; let acquireTimeout be longer than drainTimeout";
        }
        return failed != null
                ? "see to the cause; it is tried again at the next use"
                : "install a bundle or jar that provides DriverFactory type=" + type + ", or call registerDriver(\""
                        + type + "\", factory)";
    }

    DriverUnavailableException interrupted(
            String connection, DatabaseConfig wanted, DriverState state, InterruptedException interrupt) {
        var failure = new DriverUnavailableException(
                "connection '" + connection + "': the thread was interrupted while it waited for a " + wanted.type()
                        + " driver (state " + state
                        + "); nothing was done; the interrupt is kept, so clear it before the next call",
                state.name(),
                interrupt);
        failure.nameConnection(connection);
        return failure;
    }

    // ---- drivers that are not cached

    /** Opens a driver that belongs to the caller. Fails at once if there is no factory that can. */
    public DatabaseDriver open(DatabaseConfig config) {
        return openUncached(config);
    }

    DriverHandle openUncached(DatabaseConfig config) {
        requireOpen();
        registry.readProviders();
        ask(config);
        String name = "uncached " + config.type();
        Throwable last = null;
        ConfigurationException wrong = null;
        for (Candidate candidate : candidates(config)) {
            try {
                Generation opened = openNow(new Assignment(name, 0, candidate, config));
                return opened.handle(new Era(LooseDriver.of(name, opened, this)));
            } catch (InterruptedException interrupt) {
                throw interrupted(name, config, DriverState.UNBOUND, interrupt);
            } catch (ConfigurationException refused) { // another factory may take it
                wrong = refused;
            } catch (Exception failure) {
                last = failure;
            }
        }
        if (last == null && wrong != null) {
            throw wrong;
        }
        if (last == null) {
            throw noDriver(name, config);
        }
        throw unavailable(
                name, config, DriverState.UNBOUND, Deadline.in(timeouts.open()), DriverFailure.of(last, config));
    }

    /** Begins to retire a driver of a connection, in the time there is for a drain. */
    Retirement beginRetirement(Generation leaving) {
        return registry.beginRetirement(List.of(leaving), Deadline.in(timeouts.drain()));
    }

    /** The drivers that leave and that this thread works on. */
    List<Generation> leavingWorkOfThisThread() {
        return registry.leavingWorkOfThisThread();
    }

    /** Whether its connections may be served by a factory: not by one of another Orm. */
    boolean mayUse(Candidate candidate) {
        return candidate.isOf(this) || candidate.isOf(registry);
    }

    private Generation openNow(Assignment assignment) throws Exception {
        Timeouts limits = timeouts;
        var opening = new Opening(assignment, claims(), limits, null);
        var result = new CompletableFuture<Generation>();
        opening.start((opened, failure) -> {
            if (opened == null) {
                result.completeExceptionally(
                        failure == null ? new IllegalStateException("no driver was opened") : failure.cause());
            } else if (!result.complete(opened)) {
                Retirement.begin(List.of(opened), Deadline.in(limits.drain())).finish(); // nobody waits any more
            }
        });
        try {
            return result.get(Deadline.saturatedNanos(limits.open()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Exception failure ? failure : failed;
        } catch (TimeoutException | InterruptedException givenUp) {
            if (givenUp instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            if (!result.completeExceptionally(givenUp)) {
                return result.get(); // it came at the last moment, so this does not wait
            }
            throw givenUp;
        }
    }

    public boolean isClosed() {
        return closed;
    }

    /** Drains and closes all connections. Callers that wait for a driver get an error. Safe to repeat. */
    @Override
    public void close() {
        closed = true;
        registry.remove(this);
        Deadline deadline = Deadline.in(timeouts.drain());
        retire(slots.values(), DriverSlot::shut, deadline);
        registry.retire(takeExplicit(candidate -> true), deadline);
        registry.tellWatchers();
    }

    /** As {@link #close}, but what is open is left to the caller, who retires all factories. */
    void shut() {
        closed = true;
        registry.remove(this);
        slots.values().forEach(DriverSlot::shut);
    }

    /** Waits after {@link #shut} until what was being opened is closed too, or hangs until the deadline. */
    void awaitEmpty(Deadline deadline) {
        slots.values().forEach(slot -> slot.awaitEmpty(deadline));
    }
}
