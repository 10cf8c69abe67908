package dev.bunary.orm.it.framework;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition, with a limit. */
public final class Await {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Duration STEP = Duration.ofMillis(2);

    private Await() {}

    /** Asks again and again; fails with what was seen when the limit is over. */
    public static void until(BooleanSupplier condition, Supplier<String> seen) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begin > LIMIT.toNanos()) {
                throw new AssertionError("not within " + LIMIT.toSeconds() + " s; " + seen.get());
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
    }

    /** Waits for a latch, from code that may throw nothing. */
    public static void latch(CountDownLatch latch) {
        try {
            if (!latch.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("not within " + LIMIT.toSeconds() + " s");
            }
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
    }

    /** Collects garbage until nothing reaches what is referred to. */
    public static void collected(WeakReference<?> reference, String what) {
        until(
                () -> {
                    System.gc();
                    return reference.refersTo(null);
                },
                () -> what + " is still reachable");
    }
}
