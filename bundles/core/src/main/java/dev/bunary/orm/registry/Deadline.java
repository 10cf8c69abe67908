package dev.bunary.orm.registry;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;

/** A point in time until which to wait. */
final class Deadline {
    private final long start = System.nanoTime();
    private final long length;

    private Deadline(long nanos) {
        this.length = nanos;
    }

    static Deadline in(Duration duration) {
        return new Deadline(saturatedNanos(duration));
    }

    /** The given time after this deadline, or from now on if this has passed. */
    Deadline plus(Duration duration) {
        return new Deadline(Math.max(0, remaining()) + saturatedNanos(duration));
    }

    long remaining() {
        return length - elapsed();
    }

    long elapsed() {
        return System.nanoTime() - start;
    }

    boolean hasPassed() {
        return remaining() <= 0;
    }

    /**
     * Waits for a signal or until the deadline, whatever interrupts come; an interrupt is kept for later. One that comes
     * meanwhile ends this wait early, which the caller's loop takes care of.
     */
    void awaitUninterruptibly(Condition condition) {
        boolean interrupted = Thread.interrupted();
        try {
            condition.awaitNanos(remaining());
        } catch (InterruptedException later) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits until it is open, whatever interrupts come; an interrupt is kept for later. Returns false at the deadline. */
    boolean awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return latch.await(remaining(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static long saturatedNanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException centuries) {
            return TimeUnit.DAYS.toNanos(36_500);
        }
    }
}
