package dev.bunary.orm.soak;

import java.time.Duration;

/**
 * How much load to make. Everything is bounded: the load ends at the time limit or the count, whichever comes first.
 *
 * @param threads workers, 1 to 256
 * @param duration how long the load lasts, more than zero
 * @param operations units of work of all workers together, more than zero
 * @param seed makes the workers' choices repeatable
 * @param users rows to fill into {@code users}, at least 100
 * @param posts rows to fill into {@code posts}, at least one per user
 */
public record LoadPlan(int threads, Duration duration, long operations, long seed, int users, int posts) {
    /** Enough for any run; a load that reaches it ends early and says so. */
    public static final long MANY = 50_000_000;

    /**
     * Checks.
     *
     * @throws IllegalArgumentException if a number is out of its bounds
     */
    public LoadPlan {
        require(threads >= 1 && threads <= 256, "threads", threads, "1 to 256");
        require(duration.compareTo(Duration.ZERO) > 0, "duration", duration, "more than zero");
        require(operations > 0, "operations", operations, "more than zero");
        require(users >= 100, "users", users, "at least 100");
        require(posts >= users, "posts", posts, "at least one per user");
    }

    /**
     * A plan for the demo's tables: 10,000 users and 50,000 posts.
     *
     * @param threads workers
     * @param duration how long the load lasts
     * @param seed makes the workers' choices repeatable
     * @return the plan
     */
    public static LoadPlan of(int threads, Duration duration, long seed) {
        return new LoadPlan(threads, duration, MANY, seed, 10_000, 50_000);
    }

    /**
     * The same plan with smaller or larger tables.
     *
     * @param userRows rows of {@code users}
     * @param postRows rows of {@code posts}
     * @return a new plan
     */
    public LoadPlan withRows(int userRows, int postRows) {
        return new LoadPlan(threads, duration, operations, seed, userRows, postRows);
    }

    private static void require(boolean holds, String name, Object seen, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is " + seen + "; set it to " + rule);
        }
    }
}
