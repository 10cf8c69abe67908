package dev.bunary.orm.launcher;

/**
 * How long and how hard a soak is, and what it does not stand for.
 *
 * @param swaps swaps under load
 * @param threads threads of load
 * @param seconds seconds of load
 * @param seed repeats the choices of an earlier run
 * @param maxPauseRatio how many times as long as the same swaps without load the median pause may be
 */
record SoakPlan(int swaps, int threads, int seconds, long seed, double maxPauseRatio) {
    static final int USERS = 2_000;
    static final int POSTS = 10_000;
}
