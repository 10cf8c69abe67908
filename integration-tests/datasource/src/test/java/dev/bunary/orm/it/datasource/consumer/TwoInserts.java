package dev.bunary.orm.it.datasource.consumer;

import dev.bunary.orm.Orm;
import dev.bunary.orm.it.datasource.probe.Probe.Outcome;
import dev.bunary.orm.it.datasource.probe.Probe.RunningLoad;
import dev.bunary.orm.it.datasource.probe.Probe.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Transactions of two inserts with 10 ms between them, and a ledger of those that were acknowledged. */
final class TwoInserts implements RunningLoad {
    private static final long BETWEEN_MILLIS = 10;
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(90);

    private record Took(long begin, long end) {}

    private final Orm orm;
    private final String table;
    private final List<Thread> threads = new ArrayList<>();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final List<Long> pauses = new ArrayList<>();
    private final Map<Integer, List<Took>> times = new ConcurrentHashMap<>();
    private final List<Took> swaps = new ArrayList<>();
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final long begin = System.nanoTime();
    private volatile boolean stopped;

    private TwoInserts(Orm orm, String table) {
        this.orm = orm;
        this.table = table;
    }

    static TwoInserts start(Orm orm, String table, int threads) {
        var load = new TwoInserts(orm, table);
        for (int i = 0; i < threads; i++) {
            int worker = i;
            load.times.put(worker, new ArrayList<>());
            load.threads.add(new Thread(() -> load.work(worker), "load-" + worker));
        }
        load.threads.forEach(Thread::start);
        return load;
    }

    private void work(int worker) {
        for (long seq = 0; !stopped && System.nanoTime() - begin < LIMIT_NANOS; seq++) {
            long from = System.nanoTime();
            try {
                write(worker, seq);
                acknowledged.add(worker + "/" + seq);
            } catch (Throwable failure) {
                failed.incrementAndGet();
                failures.add(String.valueOf(failure));
            }
            times.get(worker).add(new Took(from, System.nanoTime()));
            done.incrementAndGet();
        }
    }

    private void write(int worker, long seq) {
        String insert = "INSERT INTO " + table + " (worker, seq, part) VALUES (?, ?, ?)";
        orm.transaction(tx -> {
            tx.exec(insert, worker, seq, 1);
            try {
                Thread.sleep(BETWEEN_MILLIS); // a part of the load, not a wait for anything
            } catch (InterruptedException interrupt) {
                throw new IllegalStateException(interrupt);
            }
            return tx.exec(insert, worker, seq, 2);
        });
    }

    @Override
    public void swap(Step step) throws Exception {
        long from = System.nanoTime();
        step.run();
        swaps.add(new Took(from, System.nanoTime()));
    }

    @Override
    public void awaitTransactions(long more) throws InterruptedException {
        long goal = done.get() + more;
        while (done.get() < goal) {
            if (System.nanoTime() - begin > LIMIT_NANOS) {
                throw new IllegalStateException("the load does not go on: " + failures);
            }
            Thread.sleep(1);
        }
    }

    @Override
    public Outcome stop() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(30));
            if (thread.isAlive()) {
                throw new IllegalStateException(thread.getName() + " hangs");
            }
        }
        swaps.forEach(swap -> pauses.add(TimeUnit.NANOSECONDS.toMicros(longestOverlap(swap))));
        return audit();
    }

    private long longestOverlap(Took swap) {
        return times.values().stream()
                .flatMap(List::stream)
                .filter(took -> took.begin < swap.end && took.end > swap.begin)
                .mapToLong(took -> took.end - took.begin)
                .max()
                .orElse(0);
    }

    private long usual() {
        List<Long> undisturbed = times.values().stream()
                .flatMap(List::stream)
                .filter(took -> swaps.stream().noneMatch(swap -> took.begin < swap.end && took.end > swap.begin))
                .map(took -> took.end - took.begin)
                .sorted()
                .toList();
        return TimeUnit.NANOSECONDS.toMicros(undisturbed.get(undisturbed.size() / 2));
    }

    private Outcome audit() {
        var parts = new HashMap<String, Integer>();
        try (Stream<String> rows = orm.getDriver().query("SELECT worker, seq, part FROM " + table).stream(
                columns -> row -> row.getInt(0) + "/" + row.getLong(1) + "/" + row.getInt(2))) {
            rows.forEach(row -> parts.merge(row, 1, Integer::sum));
        }
        long lost = 0;
        long doubled = 0;
        for (String transaction : acknowledged) {
            for (int part = 1; part <= 2; part++) {
                int found = parts.getOrDefault(transaction + "/" + part, 0);
                lost += found == 0 ? 1 : 0;
                doubled += Math.max(0, found - 1);
            }
        }
        long foreign = parts.keySet().stream()
                .filter(row -> !acknowledged.contains(row.substring(0, row.lastIndexOf('/'))))
                .count();
        return new Outcome(
                done.get(),
                failed.get(),
                failures.stream().limit(5).toList(),
                lost,
                doubled,
                foreign,
                List.copyOf(pauses),
                usual());
    }
}
