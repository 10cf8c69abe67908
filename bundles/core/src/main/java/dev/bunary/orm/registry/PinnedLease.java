package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.swap.DriverStatus;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * The lease of a transaction, an open stream or a row mapper: an object, so that the thread that holds it can be
 * recognised when it asks for more during a drain. Work inside it keeps it alive by counting references; the generation
 * is left once, when the last reference ends or the swap gives up on it. Released by any thread.
 */
final class PinnedLease implements HeldLease {
    private final Generation generation;
    private final int stripe;
    /** Who works on it now: a stream may be opened on one thread and read on another. */
    private volatile Thread thread = Thread.currentThread();

    private final long since = System.nanoTime();
    private final AtomicInteger references = new AtomicInteger(1);
    private final AtomicBoolean left = new AtomicBoolean();

    PinnedLease(Generation generation, int stripe) {
        this.generation = generation;
        this.stripe = stripe;
    }

    @Override
    public Generation generation() {
        return generation;
    }

    @Override
    public PinnedLease root() {
        return this;
    }

    Thread thread() {
        return thread;
    }

    @Override
    public void workHere() {
        Thread here = Thread.currentThread();
        if (thread != here) {
            thread = here;
        }
    }

    long since() {
        return since;
    }

    DriverStatus.Holder describe() {
        return new DriverStatus.Holder(thread.getName(), Duration.ofNanos(System.nanoTime() - since));
    }

    /** Describes who kept a driver from draining, once, at the deadline. */
    static String describe(Set<PinnedLease> holders) {
        var text = new StringBuilder();
        for (PinnedLease holder : holders) {
            Duration age = Duration.ofNanos(System.nanoTime() - holder.since());
            text.append(System.lineSeparator())
                    .append("  held by thread '")
                    .append(holder.thread().getName())
                    .append("' for ")
                    .append(age.toMillis())
                    .append(" ms");
            for (StackTraceElement frame : holder.thread().getStackTrace()) {
                text.append(System.lineSeparator()).append("    at ").append(frame);
            }
        }
        return text.toString();
    }

    /** One more reference. Returns false if the last has ended. */
    boolean retain() {
        int now = references.get();
        while (now > 0) {
            if (references.compareAndSet(now, now + 1)) {
                return true;
            }
            now = references.get();
        }
        return false;
    }

    /** Leaves the generation although the work goes on: a swap does not wait for it any more. */
    void abandon() {
        if (left.compareAndSet(false, true)) {
            generation.leave(stripe);
        }
    }

    /** Whether a swap gave up on it. */
    boolean isAbandoned() {
        return left.get() && references.get() > 0;
    }

    @Override
    public DatabaseDriver driver() {
        return generation.driver();
    }

    @Override
    public <T> T derived(Object key, Function<DatabaseDriver, T> make) {
        return generation.derived(key, make);
    }

    @Override
    public RuntimeException explain(OrmException failure) {
        return isAbandoned() ? generation.explainAbandoned(failure, false) : generation.explain(failure);
    }

    @Override
    public RuntimeException explainRead(OrmException failure) {
        return isAbandoned() ? generation.explainAbandoned(failure, true) : generation.explainRead(failure);
    }

    @Override
    public void release() {
        if (references.decrementAndGet() == 0) {
            generation.unpin(this);
            abandon();
        }
    }
}
