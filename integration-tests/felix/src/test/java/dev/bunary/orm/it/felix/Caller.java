package dev.bunary.orm.it.felix;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Something done on a thread of its own, whose end is waited for with a limit. */
final class Caller<T> {
    private static final long LIMIT_SECONDS = 20;

    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final Thread thread;

    private Caller(String name, Callable<T> work) {
        thread = new Thread(() -> run(work), name);
        thread.setDaemon(true);
    }

    static <T> Caller<T> start(String name, Callable<T> work) {
        var caller = new Caller<>(name, work);
        caller.thread.start();
        return caller;
    }

    void interrupt() {
        thread.interrupt();
    }

    boolean isDone() {
        return result.isDone();
    }

    /** What the work gave. */
    T result() throws InterruptedException, TimeoutException {
        try {
            return result.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw new AssertionError("it failed", failed.getCause());
        }
    }

    /** What the work threw. */
    Throwable failure() throws InterruptedException, TimeoutException {
        try {
            throw new AssertionError("it gave " + result.get(LIMIT_SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException failed) {
            return failed.getCause();
        }
    }

    private void run(Callable<T> work) {
        try {
            result.complete(work.call());
        } catch (Throwable failure) {
            result.completeExceptionally(failure);
        }
    }
}
