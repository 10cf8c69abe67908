package dev.bunary.orm.it.datasource;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition, with a limit. */
final class Await {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Duration STEP = Duration.ofMillis(2);

    private Await() {}

    /** Asks again and again; fails with what was seen when the limit is over. */
    static void until(BooleanSupplier condition, Supplier<String> seen) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begin > LIMIT.toNanos()) {
                throw new AssertionError("not within " + LIMIT.toSeconds() + " s; " + seen.get());
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
    }

    /** Collects garbage until nothing reaches what is referred to. */
    static void collected(WeakReference<?> reference, String what) {
        until(
                () -> {
                    System.gc();
                    return reference.refersTo(null);
                },
                () -> what + " is still reachable");
    }
}
