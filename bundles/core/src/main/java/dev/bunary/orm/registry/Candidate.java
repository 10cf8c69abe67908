package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.swap.FactoryInfo;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

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

    private static final int MOST_ANSWERS = 1_000;
    private static final AtomicLong SEQUENCE = new AtomicLong();

    private final long sequence = SEQUENCE.incrementAndGet();
    private volatile FactorySource source;

    /**
     * What the factory said: twice the number of changes it was said after, plus 1 for yes. It holds until there is a later
     * answer, or nobody would serve meanwhile.
     */
    private final Map<DatabaseConfig, Integer> answers = new ConcurrentHashMap<>();

    /** How often it was announced again. */
    private final AtomicInteger changes = new AtomicInteger();

    /** Guards the ledger; nothing else is done under it. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition opened = lock.newCondition();
    private final Set<Generation> ledger = new HashSet<>();
    private int openings;
    private boolean departed;

    private final Object home;
    private final @Nullable Caller registrar;

    /**
     * A factory of one Orm's connections or of all that use a registry.
     *
     * @param home these connections or that registry
     * @param registrar whose code registered it, where that can be told
     */
    Candidate(FactorySource source, Object home, @Nullable Caller registrar) {
        this.source = source;
        this.home = home;
        this.registrar = registrar;
    }

    /** Whether it is, or was before it left, a factory of one Orm's connections or of a registry. */
    boolean isOf(Object where) {
        return home == where;
    }

    /** Whether it was this caller's code that registered it. */
    public boolean isRegisteredBy(Caller caller) {
        return caller.equals(registrar);
    }

    /** Its number, which no other has. */
    long sequence() {
        return sequence;
    }

    /** What makes its drivers. */
    public DriverFactory factory() {
        return source.factory();
    }

    /** Whether this serves a connection, which the factory is asked once per configuration. To be called without a lock. */
    boolean serves(DatabaseConfig config) {
        int no = 2 * changes.get(); // first: what is asked now may be changed meanwhile
        if (isUnasked(config)) {
            if (answers.size() >= MOST_ANSWERS) {
                answers.clear();
            }
            answers.merge(config, ask(config) ? no + 1 : no, Math::max);
        }
        return isKnownToServe(config);
    }

    /** The same from memory. */
    boolean isKnownToServe(DatabaseConfig config) {
        return answers.getOrDefault(config, 0) % 2 == 1 && source.types().contains(config.type());
    }

    /** Whether {@link #serves} would have to ask the factory. */
    boolean isUnasked(DatabaseConfig config) {
        return answers.getOrDefault(config, -1) < 2 * changes.get()
                && source.types().contains(config.type());
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

    void announceAgain(Set<String> types, int ranking) {
        source = source.with(types, ranking);
        changes.incrementAndGet();
    }

    FactoryInfo info() {
        FactorySource now = source;
        return new FactoryInfo(now.name(), now.version(), now.origin(), now.ranking());
    }

    /**
     * Says that an open begins. Returns false if the factory has departed.
     *
     * @param evenNow also then
     */
    boolean beginOpening(boolean evenNow) {
        lock.lock();
        try {
            boolean may = evenNow || !departed;
            if (may) {
                openings++;
            }
            return may;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Enters a new driver in the ledger. Returns false if the factory has departed: the driver must then be closed.
     *
     * @param evenNow also then
     */
    boolean enter(Generation generation, boolean evenNow) {
        lock.lock();
        try {
            return (evenNow || !departed) && ledger.add(generation);
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

    /**
     * Opens nothing any more, except for work in flight. Returns what must be drained: all that is open. To repeat this
     * gives what came for such work.
     */
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
