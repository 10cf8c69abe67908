package dev.bunary.orm.soak;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The threads of the process before a run, to tell afterwards which were added. */
final class ThreadCensus {
    private final Set<Thread> before = living();

    int before() {
        return before.size();
    }

    /** The names of the threads that were started since and do not end, sorted; gives those that do the time to. */
    List<String> added(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        Set<Thread> added = living();
        added.removeAll(before);
        for (Thread thread : added) {
            thread.join(
                    Math.max(1, Duration.ofNanos(deadline - System.nanoTime()).toMillis()));
        }
        return added.stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .sorted()
                .toList();
    }

    private static Set<Thread> living() {
        return new HashSet<>(Thread.getAllStackTraces().keySet());
    }
}
