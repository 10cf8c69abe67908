package dev.bunary.orm.soak;

import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverClosedException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A thread of {@link Writers}: writes until it is told to stop, and notes every write that was acknowledged. */
final class Writer extends Thread {
    private static final String INSERT = "INSERT INTO " + SampleData.WRITES + " (worker, seq, part) VALUES (?, ?, ?)";

    private final int number;
    private final Supplier<DatabaseDriver> door;
    private final Ledger.Page page;
    private final Failures failures;
    private final BooleanSupplier mayGoOn;

    // ---- guarded by this
    private long acknowledged;
    private long refused;
    private boolean ended;

    Writer(int number, Supplier<DatabaseDriver> door, Ledger.Page page, Failures failures, BooleanSupplier mayGoOn) {
        super("writer-" + (number + 1));
        setDaemon(true);
        this.number = number;
        this.door = door;
        this.page = page;
        this.failures = failures;
        this.mayGoOn = mayGoOn;
    }

    @Override
    public void run() {
        try {
            while (mayGoOn.getAsBoolean()) {
                writeUntilClosed(door.get());
            }
        } catch (RuntimeException | Error failure) {
            failures.add("write", failure);
        } finally {
            ended();
        }
    }

    private void writeUntilClosed(DatabaseDriver driver) {
        try {
            while (mayGoOn.getAsBoolean()) {
                write(driver, page.next());
                acknowledged();
            }
        } catch (DriverClosedException closed) {
            refused();
        }
    }

    private void write(DatabaseDriver driver, int sequence) {
        if (sequence % 2 == 0) {
            driver.exec(INSERT, number, sequence, 1);
            page.single(sequence);
        } else {
            driver.transaction(tx -> tx.exec(INSERT, number, sequence, 1) + tx.exec(INSERT, number, sequence, 2));
            page.pair(sequence);
        }
    }

    private synchronized void acknowledged() {
        acknowledged++;
        notifyAll();
    }

    private synchronized void refused() {
        refused++;
    }

    private synchronized void ended() {
        ended = true;
        notifyAll();
    }

    /** Writes that were acknowledged so far. */
    synchronized long acknowledgedSoFar() {
        return acknowledged;
    }

    /** How often its driver was closed under it. */
    synchronized long refusals() {
        return refused;
    }

    /** Waits until that many writes were acknowledged. Returns false at the deadline, or if the thread has ended. */
    synchronized boolean awaitAcknowledged(long goal, long deadline) throws InterruptedException {
        while (acknowledged < goal && !ended) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return acknowledged >= goal;
    }
}
