package dev.bunary.orm.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Threads that begin together, again and again, for races that need more threads than jcstress gives or last too long
 * for it. Each begins after a pause of random length, so that they meet at another point each time.
 */
final class RaceRounds implements AutoCloseable {
    private static final long NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final int LONGEST_PAUSE = 4000;

    final Random random;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        var thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    });

    RaceRounds(String name) {
        long seed = System.nanoTime();
        System.out.println(name + ": seed " + seed);
        random = new Random(seed);
    }

    /** One round: makes its state, races, checks. */
    @FunctionalInterface
    interface Round {
        void run() throws Exception;
    }

    /** Plays rounds for two seconds. Returns how many. */
    int play(Round round) throws Exception {
        long end = System.nanoTime() + NANOS;
        int rounds = 0;
        while (System.nanoTime() < end) {
            round.run();
            rounds++;
        }
        System.out.println("  " + rounds + " rounds");
        return rounds;
    }

    /** Runs these at once. Returns when all ended, or throws what one threw, or that one did not end in time. */
    @SafeVarargs
    final <T> List<T> race(Callable<T>... runners) throws Exception {
        var start = new CyclicBarrier(runners.length);
        var running = new ArrayList<Future<T>>();
        for (Callable<T> runner : runners) {
            int pause = random.nextInt(LONGEST_PAUSE);
            running.add(threads.submit(() -> {
                start.await();
                for (int i = 0; i < pause; i++) {
                    Thread.onSpinWait();
                }
                return runner.call();
            }));
        }
        var results = new ArrayList<T>();
        for (Future<T> future : running) {
            results.add(future.get(Bench.LIMIT_SECONDS, TimeUnit.SECONDS));
        }
        return results;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
