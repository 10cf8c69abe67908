package dev.bunary.orm.soak;

import dev.bunary.orm.Orm;
import dev.bunary.orm.driver.DatabaseDriver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Threads that write into one table of one database, each through a driver of its own: a cached one, a reset one, one
 * that was never cached, or that of another {@link Orm}. Single writes and transactions of two take turns. Unlike {@link
 * Load} they read nothing, so that no journal mode of SQLite makes them wait for readers.
 */
public final class Writers implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Orm orm;
    private final Ledger ledger;
    private final Failures failures = new Failures();
    private final List<Writer> writers = new ArrayList<>();
    private volatile boolean stopped;

    private Writers(Orm orm, List<Supplier<DatabaseDriver>> doors) {
        this.orm = orm;
        this.ledger = new Ledger(doors.size());
        for (Supplier<DatabaseDriver> door : doors) {
            int number = writers.size();
            writers.add(new Writer(number, door, ledger.page(number), failures, () -> !stopped));
        }
    }

    /**
     * Starts the threads.
     *
     * @param orm an Orm whose default connection is an empty database; it makes the table and reads it at the end
     * @param doors one for each thread: gives it a driver at its start, and another each time that the last was closed
     *     under it
     * @return the running threads; the caller stops them
     */
    public static Writers start(Orm orm, List<Supplier<DatabaseDriver>> doors) {
        SampleData.createWrites(orm.getDriver());
        var writers = new Writers(orm, doors);
        writers.writers.forEach(Thread::start);
        return writers;
    }

    /**
     * Waits until each thread has had that many more writes acknowledged.
     *
     * @param writes how many
     * @throws InterruptedException if interrupted while waiting
     * @throws IllegalStateException if one of them does not get there; says which, and what failed
     */
    public void awaitEach(int writes) throws InterruptedException {
        List<Long> goals = writers.stream()
                .map(writer -> writer.acknowledgedSoFar() + writes)
                .toList();
        long deadline = System.nanoTime() + LIMIT.toNanos();
        for (int number = 0; number < goals.size(); number++) {
            if (!writers.get(number).awaitAcknowledged(goals.get(number), deadline)) {
                throw new IllegalStateException(writers.get(number).getName() + " does not get on; failed: "
                        + failures.first() + "; status: " + orm.drivers());
            }
        }
    }

    /**
     * Stops the threads after the write each is in, and compares ledger and table.
     *
     * @return what they did
     * @throws InterruptedException if interrupted while waiting for them
     * @throws IllegalStateException if one of them hangs
     */
    public Result stop() throws InterruptedException {
        stopped = true;
        for (Writer writer : writers) {
            TimeUnit.NANOSECONDS.timedJoin(writer, LIMIT.toNanos());
            if (writer.isAlive()) {
                throw new IllegalStateException(writer.getName() + " hangs: " + List.of(writer.getStackTrace()));
            }
        }
        return new Result(
                Scenario.audit(orm, ledger),
                Scenario.integrity(orm),
                failures.first(),
                writers.stream().map(Writer::refusals).toList());
    }

    /** Stops the threads without waiting for them. */
    @Override
    public void close() {
        stopped = true;
    }

    /**
     * What the threads did.
     *
     * @param audit the ledger against the table
     * @param integrity what {@code PRAGMA integrity_check} answered
     * @param failures what ended a thread, with stack traces; empty if all wrote until they were stopped
     * @param refusals for each thread, how often its driver was closed under it
     */
    public record Result(Ledger.Audit audit, String integrity, List<String> failures, List<Long> refusals) {
        /** Copies. */
        public Result {
            failures = List.copyOf(failures);
            refusals = List.copyOf(refusals);
        }

        /**
         * Whether every promise held; a driver that is closed under its thread breaks none.
         *
         * @return true if nothing failed, nothing is lost or doubled and the database is whole
         */
        public boolean isClean() {
            return failures.isEmpty() && audit.agrees() && audit.acknowledged() > 0 && integrity.equals("ok");
        }
    }
}
