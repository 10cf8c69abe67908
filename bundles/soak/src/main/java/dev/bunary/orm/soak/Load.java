package dev.bunary.orm.soak;

import dev.bunary.orm.Orm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Threads of mixed load on the tables of {@link Scenario}: reads, lists, streams whose body queries again, single writes
 * and transactions of two writes. Ends at the plan's time limit or count, or when stopped.
 */
public final class Load implements AutoCloseable {
    /** No promise of the ORM lets an operation take longer than its time-outs together. */
    private static final Duration LONGEST_OPERATION = Duration.ofSeconds(30);

    private final LoadPlan plan;
    private final Ledger ledger;
    private final Failures failures = new Failures();
    private final AtomicLong left;
    private final CountDownLatch running;
    private final List<Worker> workers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicIntegerArray gone;
    private final long start = System.nanoTime();
    private volatile boolean stopped;
    private volatile long end;
    private volatile @Nullable PauseWindow window;

    private Load(Orm orm, LoadPlan plan) {
        this.plan = plan;
        this.ledger = new Ledger(plan.threads());
        this.left = new AtomicLong(plan.operations());
        this.running = new CountDownLatch(plan.threads());
        this.gone = new AtomicIntegerArray(plan.threads());
        for (int number = 0; number < plan.threads(); number++) {
            var worker = new Worker(number, this, orm, ledger.page(number), plan.seed());
            workers.add(worker);
            threads.add(daemon(worker, number));
        }
    }

    /**
     * Starts the load.
     *
     * @param orm what to work on; its tables are there
     * @param plan how much
     * @return the running load; the caller stops it
     */
    public static Load start(Orm orm, LoadPlan plan) {
        var load = new Load(orm, plan);
        load.threads.forEach(Thread::start);
        return load;
    }

    /**
     * Waits while the load goes on.
     *
     * @param time how long at most
     * @return false if all workers have ended before
     * @throws InterruptedException if interrupted while waiting
     */
    public boolean runFor(Duration time) throws InterruptedException {
        return !running.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Runs something, such as a swap, and measures how it held the workers up.
     *
     * @param swap what to run, on this thread
     * @return each worker's longest operation that overlaps it, in nanoseconds; 0 for a worker that had ended
     * @throws InterruptedException if interrupted while waiting for the last of these operations
     * @throws IllegalStateException if no worker is left, so that nothing can be measured
     */
    public long[] pausesDuring(InterruptibleRunnable swap) throws InterruptedException {
        var opened = new PauseWindow(plan.threads());
        window = opened;
        if (stopped || running.getCount() == 0) {
            throw new IllegalStateException(
                    failures.count() == 0
                            ? "the load has ended; give it more time or more operations"
                            : "all workers have given up after " + failures.count() + " failed operations");
        }
        settleGone(opened);
        try {
            swap.run();
            return opened.close(LONGEST_OPERATION);
        } finally {
            window = null;
        }
    }

    /**
     * Stops the workers after the operation each is in, and sums up.
     *
     * @return what they did
     * @throws InterruptedException if interrupted while waiting for them
     * @throws IllegalStateException if one of them hangs; the message holds its stack
     */
    public Result stop() throws InterruptedException {
        stopped = true;
        if (!running.await(LONGEST_OPERATION.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("workers hang: " + stacks());
        }
        long ended = end == 0 ? System.nanoTime() : end;
        var byKind = new EnumMap<Operation, Long>(Operation.class);
        workers.forEach(worker -> worker.done().forEach((kind, count) -> byKind.merge(kind, count, Long::sum)));
        return new Result(byKind, Duration.ofNanos(ended - start), failures.count(), failures.first(), ledger);
    }

    /** Stops the workers without waiting for them. */
    @Override
    public void close() {
        stopped = true;
    }

    LoadPlan plan() {
        return plan;
    }

    boolean mayGoOn() {
        return !stopped && System.nanoTime() - start < plan.duration().toNanos() && left.getAndDecrement() > 0;
    }

    void ended(int worker, long begin, long stop) {
        PauseWindow current = window;
        if (current != null) {
            current.operation(worker, begin, stop);
        }
    }

    void failed(Operation operation, Throwable failure) {
        failures.add(operation.name(), failure);
    }

    void workerEnded(int worker) {
        end = System.nanoTime();
        gone.set(worker, 1); // before the window is read, as pausesDuring() writes it before it reads this
        running.countDown();
        PauseWindow current = window;
        if (current != null) {
            current.workerEnded(worker);
        }
    }

    private void settleGone(PauseWindow opened) {
        for (int worker = 0; worker < gone.length(); worker++) {
            if (gone.get(worker) == 1) {
                opened.workerEnded(worker);
            }
        }
    }

    private String stacks() {
        var text = new StringBuilder();
        threads.stream().filter(Thread::isAlive).forEach(thread -> {
            text.append('\n').append(thread.getName());
            for (StackTraceElement frame : thread.getStackTrace()) {
                text.append("\n    at ").append(frame);
            }
        });
        return text.toString();
    }

    private static Thread daemon(Worker worker, int number) {
        var thread = new Thread(worker, "soak-" + (number + 1));
        thread.setDaemon(true);
        return thread;
    }

    /** A step that may be interrupted. */
    @FunctionalInterface
    public interface InterruptibleRunnable {
        /**
         * Does it.
         *
         * @throws InterruptedException if interrupted while waiting
         */
        void run() throws InterruptedException;
    }

    /**
     * What the workers did.
     *
     * @param done operations that succeeded, by kind
     * @param time from the start to the end of the last worker
     * @param failed operations that failed
     * @param firstFailures the first few of them with their stack traces
     * @param ledger the writes that were acknowledged
     */
    public record Result(
            Map<Operation, Long> done, Duration time, long failed, List<String> firstFailures, Ledger ledger) {
        /** Copies. */
        public Result {
            done = Map.copyOf(done);
            firstFailures = List.copyOf(firstFailures);
        }

        /**
         * All operations that succeeded.
         *
         * @return their number
         */
        public long operations() {
            return done.values().stream().mapToLong(Long::longValue).sum();
        }

        /**
         * Operations that succeeded per second.
         *
         * @return the rate
         */
        public long perSecond() {
            return Math.round(operations() / Math.max(time.toNanos() / 1e9, 1e-3));
        }
    }
}
