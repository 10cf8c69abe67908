package dev.bunary.orm.benchmarks;

import java.io.IOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/**
 * The process that measures one competitor beside hand-written JDBC: each on its own copy of the database, in
 * alternation, by the CPU time and the allocation of this thread. Prints a line per round for {@link Comparison}.
 */
final class Pair {
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final CompilationMXBean COMPILER = ManagementFactory.getCompilationMXBean();
    private static final int CHECKED = 12;
    private static final long CHUNK_NANOS = 100_000_000;
    /** Compilation time in a chunk below which there is nothing left to wait for. */
    private static final int FEW_MILLIS = 10;

    /** How many times the planned warm-up is the longest. */
    private static final int LONGEST = 3;

    /** Results go here, so that no compiler finds them useless. */
    static volatile Object sink;

    private final Subject subject;
    private final Subject reference;
    private final Path subjectFile;
    private final Path referenceFile;
    private final Plan plan;

    /** The number of the next operation; both sides do the same ones. */
    private int next;

    /**
     * How long to measure.
     *
     * @param warmUp milliseconds per workload
     * @param rounds how often both are measured per workload
     * @param round milliseconds per round, for both together
     */
    record Plan(int warmUp, int rounds, int round) {
        static Plan parse(String text) {
            String[] parts = text.split(",");
            return new Plan(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
        }

        @Override
        public String toString() {
            return warmUp + "," + rounds + "," + round;
        }
    }

    private Pair(Subject subject, Path subjectFile, Subject reference, Path referenceFile, Plan plan) {
        this.subject = subject;
        this.subjectFile = subjectFile;
        this.reference = reference;
        this.referenceFile = referenceFile;
        this.plan = plan;
    }

    /** Competitor, folder with the database, whether the competitor opens first, plan, workloads. */
    public static void main(String[] args) throws Exception {
        Competitor competitor = Competitor.valueOf(args[0]);
        Path folder = Path.of(args[1]);
        boolean first = Boolean.parseBoolean(args[2]);
        List<Workload> workloads =
                Stream.of(args[4].split(",")).map(Workload::valueOf).toList();
        Path subjectFile = copy(folder, "subject.db");
        Path referenceFile = copy(folder, "reference.db");
        Subject early = first ? competitor.open(subjectFile) : new HandWritten(referenceFile);
        try (early;
                Subject late = first ? new HandWritten(referenceFile) : competitor.open(subjectFile)) {
            var pair = new Pair(
                    first ? early : late, subjectFile, first ? late : early, referenceFile, Plan.parse(args[3]));
            // all are warmed up before any is measured: the compilers may be late, and see all uses of shared code
            for (Workload workload : workloads) {
                pair.check(workload);
                pair.warmUp(workload);
            }
            for (Workload workload : workloads) {
                pair.measure(workload);
            }
        }
    }

    private static Path copy(Path folder, String name) throws IOException {
        return Files.copy(folder.resolve("source.db"), folder.resolve(name));
    }

    private void measure(Workload workload) throws SQLException {
        int times = timesPerRound(workload);
        for (int round = 0; round < plan.rounds(); round++) {
            boolean subjectFirst = round % 2 == 0;
            Cost first = cost(workload, subjectFirst ? subject : reference, times);
            Cost second = cost(workload, subjectFirst ? reference : subject, times);
            next += times;
            Cost mine = subjectFirst ? first : second;
            Cost theirs = subjectFirst ? second : first;
            System.out.println(workload + " " + (double) mine.nanos() / theirs.nanos() + " " + mine.bytes() / times
                    + " " + theirs.bytes() / times);
        }
    }

    private void check(Workload workload) throws SQLException {
        for (int i = 0; i < CHECKED; i++, next++) {
            Object mine = plain(subject, workload.run(subject, next));
            Object theirs = plain(reference, workload.run(reference, next));
            if (!mine.equals(theirs)) {
                throw new IllegalStateException(workload + ": the results differ: " + mine + " and " + theirs);
            }
        }
        if (!workload.reads() && !Database.written(subjectFile).equals(Database.written(referenceFile))) {
            throw new IllegalStateException(workload + ": the tables differ");
        }
    }

    /** The common form; whole numbers as long, as SQLite has one kind of them. */
    private static Object plain(Subject subject, Object result) {
        Object plain = result instanceof List<?> list && !list.isEmpty() && subject.plain(result) == result
                ? list.stream().map(subject::plain).toList()
                : subject.plain(result);
        return plain instanceof List<?> values
                ? values.stream()
                        .map(value -> value instanceof Integer number ? (Object) number.longValue() : value)
                        .toList()
                : plain;
    }

    /** Runs both until the compilers have settled, but not much longer than planned. */
    private void warmUp(Workload workload) throws SQLException {
        long begin = System.nanoTime();
        long compiled;
        int chunk = 1;
        do {
            compiled = COMPILER.getTotalCompilationTime();
            if (both(workload, chunk) < CHUNK_NANOS) {
                chunk *= 2;
            }
        } while (!isWarm(System.nanoTime() - begin, COMPILER.getTotalCompilationTime() - compiled));
    }

    /** How many operations fill half a round. */
    private int timesPerRound(Workload workload) throws SQLException {
        int chunk = 1;
        long took = both(workload, chunk);
        while (took < CHUNK_NANOS) {
            chunk *= 2;
            took = both(workload, chunk);
        }
        return (int) Math.max(1, (long) chunk * plan.round() * 1_000_000L / took);
    }

    private boolean isWarm(long nanos, long compiledMillis) {
        long planned = plan.warmUp() * 1_000_000L;
        return nanos > planned && compiledMillis <= FEW_MILLIS || nanos > LONGEST * planned;
    }

    /** Runs both sides and returns the nanoseconds it took. */
    private long both(Workload workload, int times) throws SQLException {
        long begin = System.nanoTime();
        cost(workload, subject, times);
        cost(workload, reference, times);
        next += times;
        return System.nanoTime() - begin;
    }

    private Cost cost(Workload workload, Subject who, int times) throws SQLException {
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        long nanos = THREADS.getCurrentThreadCpuTime();
        for (int i = next; i < next + times; i++) {
            sink = workload.run(who, i);
        }
        nanos = THREADS.getCurrentThreadCpuTime() - nanos;
        return new Cost(nanos, THREADS.getCurrentThreadAllocatedBytes() - bytes);
    }

    private record Cost(long nanos, long bytes) {}
}
