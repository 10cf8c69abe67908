package dev.bunary.orm.soak;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.LongStream;

/**
 * How long threads were held up. A pause is the longest operation of a thread that overlaps a swap, so one swap under
 * eight threads gives eight pauses.
 *
 * @param count pauses measured
 * @param p50 half of them were no longer
 * @param p99 99 of 100 were no longer
 * @param max the longest
 */
public record Pauses(int count, Duration p50, Duration p99, Duration max) {

    /**
     * Sums pauses up.
     *
     * @param nanos each pause in nanoseconds; zeros, of threads that ended nothing, are left out
     * @return the figures; all zero if there is no pause
     */
    public static Pauses of(long... nanos) {
        long[] sorted = LongStream.of(nanos).filter(pause -> pause > 0).sorted().toArray();
        if (sorted.length == 0) {
            return new Pauses(0, Duration.ZERO, Duration.ZERO, Duration.ZERO);
        }
        return new Pauses(
                sorted.length,
                Duration.ofNanos(percentile(sorted, 50)),
                Duration.ofNanos(percentile(sorted, 99)),
                Duration.ofNanos(sorted[sorted.length - 1]));
    }

    /**
     * Sums the pauses of several swaps up.
     *
     * @param swaps the pauses of each swap, in nanoseconds
     * @return the figures over all of them
     */
    static Pauses of(Iterable<long[]> swaps) {
        long[] all = {};
        for (long[] swap : swaps) {
            int end = all.length;
            all = Arrays.copyOf(all, end + swap.length);
            System.arraycopy(swap, 0, all, end, swap.length);
        }
        return of(all);
    }

    /** The three figures for a line of output. */
    @Override
    public String toString() {
        return "p50 %s, p99 %s, max %s".formatted(millis(p50), millis(p99), millis(max));
    }

    /** A duration for a person, such as {@code 8.3 ms}. */
    static String millis(Duration duration) {
        double millis = duration.toNanos() / 1e6;
        return millis < 100 ? String.format(Locale.ROOT, "%.1f ms", millis) : Math.round(millis) + " ms";
    }

    /** Nearest rank: the smallest value that at least that share of all values does not exceed. */
    private static long percentile(long[] sorted, int percent) {
        int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
        return sorted[Math.max(rank, 1) - 1];
    }
}
