package dev.bunary.orm.driver.tck;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Work on a daemon thread of its own, waited for within a limit. */
final class Background<T> {
    static final Duration LIMIT = Duration.ofSeconds(20);

    /** How long work that must not end yet is watched; too short a watch misses a defect but raises no false alarm. */
    private static final Duration WATCH = Duration.ofMillis(200);

    private final FutureTask<T> task;

    private Background(FutureTask<T> task) {
        this.task = task;
    }

    /** Work with a checked exception and no result. */
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }

    static Background<Boolean> start(Action work) {
        return call(() -> {
            work.run();
            return true;
        });
    }

    static <T> Background<T> call(Callable<T> work) {
        var task = new FutureTask<>(work);
        var thread = new Thread(task, "driver contract");
        thread.setDaemon(true);
        thread.start();
        return new Background<>(task);
    }

    /** Whether the latch opened within the limit. */
    static boolean await(CountDownLatch latch) {
        try {
            return latch.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The result, or what the work threw. */
    T join() throws Exception {
        try {
            return task.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException thrown) {
            if (thrown.getCause() instanceof Error error) {
                throw error; // such as a failed assertion
            }
            throw (Exception) thrown.getCause();
        } catch (TimeoutException tooLong) {
            return fail("work on another thread did not end within " + LIMIT, tooLong);
        }
    }

    /** Asserts that the work throws, and gives what it threw. */
    <X extends Throwable> X assertThrown(Class<X> type) {
        return assertThrows(type, this::join);
    }

    /** Gives the work a moment to end, which it need not. */
    boolean endsSoon() throws InterruptedException {
        try {
            task.get(WATCH.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException thrown) {
            return true;
        } catch (TimeoutException stillWorking) {
            return false;
        }
    }
}
