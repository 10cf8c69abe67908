package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.SwapStrategy;
import dev.bunary.orm.swap.FactoryInfo;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

    private static final System.Logger LOG = System.getLogger("dev.bunary.orm");
    private static final AtomicLong SEQUENCE = new AtomicLong();

    private final long sequence = SEQUENCE.incrementAndGet();
    private volatile FactorySource source;

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

    boolean serves(String type) {
        return source.types().contains(type);
    }

    Set<String> types() {
        return source.types();
    }

    void announceAgain(Set<String> types, int ranking) {
        source = source.with(types, ranking);
    }

    FactoryInfo info() {
        FactorySource now = source;
        return new FactoryInfo(now.name(), now.version(), now.origin(), now.ranking());
    }

    /** Whether its driver may be opened beside another. A factory that cannot say is told of when it is to open one. */
    boolean overlaps(DatabaseConfig config) {
        try {
            return factory().swapStrategy(config) == SwapStrategy.OVERLAP;
        } catch (RuntimeException | LinkageError broken) { // Opening asks again, and tells
            return false;
        }
    }

    /** The properties that do not say which database it is; none if the factory fails to tell. */
    Set<String> tuningProperties() {
        try {
            return Set.copyOf(factory().tuningProperties());
        } catch (RuntimeException | LinkageError broken) { // a configuration must not stay half taken in
            LOG.log(
                    System.Logger.Level.WARNING,
                    this + " does not tell its tuning properties, so any change counts as another database",
                    broken);
            return Set.of();
        }
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

    /** Opens nothing any more, and waits for the opens that run. Returns what must be drained. */
    List<Generation> depart(Deadline deadline) {
        lock.lock();
        try {
            departed = true;
            while (openings > 0 && !deadline.hasPassed()) {
                deadline.awaitUninterruptibly(opened);
            }
            return List.copyOf(ledger);
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
