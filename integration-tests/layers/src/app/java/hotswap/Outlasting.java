package hotswap;

import dev.bunary.orm.Orm;
import dev.bunary.orm.driver.DriverSwappedException;
import dev.bunary.orm.driver.Row;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Work that outlasts the drain of a swap: a transaction, and a stream that nobody closes. */
public final class Outlasting {
    /** The drain's time-out that an Orm is to have for this, in milliseconds. */
    public static final long DRAIN_MILLIS = 300;

    private final Orm orm;
    private final Checks checks;

    public Outlasting(Orm orm, Checks checks) {
        this.orm = orm;
        this.checks = checks;
    }

    /**
     * Swaps the driver under such work. Forgets the stream and what was thrown, as both hold classes of the old driver.
     *
     * @param swap leaves another driver, and returns when the old one is closed
     */
    public void under(Runnable swap) throws Exception {
        orm.getDriver().exec("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");
        orm.table("notes").insert(Map.of("text", "kept"));
        orm.table("notes").insert(Map.of("text", "kept too"));
        Iterator<Row> rows = orm.table("notes").stream().iterator(); // nobody closes this stream
        rows.next();
        var finish = new CountDownLatch(1);
        FutureTask<RuntimeException> holder = longTransaction(finish);

        long begin = System.nanoTime();
        swap.run();
        long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        checks.isTrue(
                "swapped after the deadline, not after the work",
                took >= DRAIN_MILLIS && took < 10_000,
                () -> took + " ms");
        checks.isEqual("rows that the next driver finds", 2L, orm.table("notes").count());
        finish.countDown();

        told("the transaction", holder.get(20, TimeUnit.SECONDS));
        told("the reader of the stream", failureOf(() -> rows.forEachRemaining(row -> {})));
        checks.isEqual("rows after all", 2L, orm.table("notes").count());
    }

    private FutureTask<RuntimeException> longTransaction(CountDownLatch finish) {
        var inside = new CountDownLatch(1);
        var holder = new FutureTask<>(() -> failureOf(() -> orm.transaction(() -> {
            orm.table("notes").insert(Map.of("text", "given up"));
            inside.countDown();
            await(finish);
        })));
        Thread thread = new Thread(holder, "holder");
        thread.setDaemon(true);
        thread.start();
        await(inside);
        return holder;
    }

    private void told(String who, RuntimeException failure) {
        checks.isTrue(
                who + " was told that nothing of it is there",
                failure instanceof DriverSwappedException swapped && swapped.isOutcomeKnown(),
                () -> "" + failure);
    }

    private static RuntimeException failureOf(Runnable work) {
        try {
            work.run();
            return null;
        } catch (RuntimeException failure) {
            return failure;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody came");
            }
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException(interrupt);
        }
    }
}
