package dev.bunary.orm.soak;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The time of one swap, in which each worker's longest operation is kept. Workers report what they end; the window is
 * complete when every worker has ended the operation it was in when the swap ended.
 */
final class PauseWindow {
    private final long begin = System.nanoTime();
    private final AtomicLongArray longest;
    private final AtomicLongArray settled;
    private final CountDownLatch unsettled;
    private volatile boolean ended;
    private volatile long end;

    PauseWindow(int workers) {
        longest = new AtomicLongArray(workers);
        settled = new AtomicLongArray(workers);
        unsettled = new CountDownLatch(workers);
    }

    /** An operation of a worker that is over. Called by that worker. */
    void operation(int worker, long start, long stop) {
        boolean over = ended;
        if (over && start - end > 0) {
            settle(worker);
        } else if (stop - begin > 0) {
            longest.accumulateAndGet(worker, stop - start, Math::max);
            if (over) {
                settle(worker);
            }
        }
    }

    /** The worker has ended and reports no more. */
    void workerEnded(int worker) {
        settle(worker);
    }

    /** Ends the window and waits for the operations still in it. Gives each worker's pause in nanoseconds. */
    long[] close(Duration limit) throws InterruptedException {
        end = System.nanoTime();
        ended = true;
        if (!unsettled.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new IllegalStateException(
                    unsettled.getCount() + " workers are still in an operation " + limit + " after the swap");
        }
        long[] pauses = new long[longest.length()];
        for (int worker = 0; worker < pauses.length; worker++) {
            pauses[worker] = longest.get(worker);
        }
        return pauses;
    }

    private void settle(int worker) {
        if (settled.compareAndSet(worker, 0, 1)) {
            unsettled.countDown();
        }
    }
}
