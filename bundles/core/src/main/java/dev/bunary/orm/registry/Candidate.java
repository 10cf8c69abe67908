package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.swap.FactoryInfo;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A registered factory, and the ledger of all drivers it has open: those of connections, reset ones and uncached ones.
 * When the factory departs, the whole ledger is drained and closed. Safe for use by many threads.
 */
public final class Candidate {
    /** Best first: ranking, then installed or updated last, then registered last. */
    static final Comparator<Candidate> ORDER = Comparator.<Candidate>comparingInt(c -> c.source.ranking())
            .thenComparingLong(c -> c.source.modified())
            .thenComparingLong(c -> c.source.id())
            .thenComparingLong(c -> c.sequence)
            .reversed();

    private static final int MOST_ANSWERS = 100;
    private static final AtomicLong SEQUENCE = new AtomicLong();

    private final long sequence = SEQUENCE.incrementAndGet();
    private volatile FactorySource source;

    /** Another map after each change, as an answer to a question from before may still come. */
    private volatile Map<DatabaseConfig, Boolean> answers = new ConcurrentHashMap<>();

    /** Guards the ledger; nothing else is done under it. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition opened = lock.newCondition();
    private final Set<Generation> ledger = new HashSet<>();
    private int openings;
    private boolean departed;

    Candidate(FactorySource source) {
        this.source = source;
    }

    DriverFactory factory() {
        return source.factory();
    }

    /** Whether this may serve a connection. The factory is asked once per configuration. To be called without a lock. */
    boolean serves(DatabaseConfig config) {
        Map<DatabaseConfig, Boolean> remembered = answers; // first: what is asked now may be changed meanwhile
        if (!source.types().contains(config.type())) {
            return false;
        }
        Boolean known = remembered.get(config);
        if (known == null) {
            known = ask(config);
            if (remembered.size() >= MOST_ANSWERS) {
                remembered.clear();
            }
            remembered.put(config, known);
        }
        return known;
    }

    /** As {@link #serves}, but asks nothing, so that it may be called under a lock: false as long as nobody has asked. */
    boolean isKnownToServe(DatabaseConfig config) {
        return source.types().contains(config.type()) && Boolean.TRUE.equals(answers.get(config));
    }

    /** Whether {@link #serves} would have to ask. */
    boolean isUnasked(DatabaseConfig config) {
        return source.types().contains(config.type()) && !answers.containsKey(config);
    }

    private boolean ask(DatabaseConfig config) {
        try {
            return factory().serves(config);
        } catch (RuntimeException | LinkageError broken) {
            return true; // create() will tell, where it leads to a quarantine
        }
    }

    Set<String> types() {
        return source.types();
    }

    /** The types of all of them. */
    static Set<String> types(Collection<Candidate> candidates) {
        var types = new HashSet<String>();
        candidates.forEach(candidate -> types.addAll(candidate.types()));
        return types;
    }

    void announceAgain(Set<String> types, int ranking) {
        source = source.with(types, ranking);
        answers = new ConcurrentHashMap<>();
    }

    FactoryInfo info() {
        FactorySource now = source;
        return new FactoryInfo(now.name(), now.version(), now.origin(), now.ranking());
    }

    /** Says that an open begins. Returns false if the factory has departed. */
    boolean beginOpening() {
        lock.lock();
        try {
            if (!departed) {
                openings++;
            }
            return !departed;
        } finally {
            lock.unlock();
        }
    }

    /** Enters a new driver in the ledger. Returns false if the factory has departed: the driver must then be closed. */
    boolean enter(Generation generation) {
        lock.lock();
        try {
            return !departed && ledger.add(generation);
        } finally {
            lock.unlock();
        }
    }

    /** Says that an open has ended, and that its driver is in the ledger or closed. */
    void endOpening() {
        lock.lock();
        try {
            openings--;
            opened.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void forget(Generation generation) {
        lock.lock();
        try {
            ledger.remove(generation);
        } finally {
            lock.unlock();
        }
    }

    /** Opens nothing any more. Returns what must be drained: all that is open, as nothing is entered any more. */
    List<Generation> depart() {
        lock.lock();
        try {
            departed = true;
            return List.copyOf(ledger);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the opens that ran at {@link #depart} have ended and closed what came, or until the deadline. */
    void awaitOpenings(Deadline deadline) {
        lock.lock();
        try {
            while (openings > 0 && !deadline.hasPassed()) {
                deadline.awaitUninterruptibly(opened);
            }
        } finally {
            lock.unlock();
        }
    }

    boolean hasDeparted() {
        lock.lock();
        try {
            return departed;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return info().toString();
    }
}
