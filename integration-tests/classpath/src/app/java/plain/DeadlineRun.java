package plain;

import dev.bunary.orm.Orm;
import dev.bunary.orm.OrmConfig;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DriverSwappedException;
import dev.bunary.orm.driver.Row;
import dev.bunary.orm.swap.Registration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Work that outlasts the drain: a transaction, and a stream that nobody closes. */
final class DeadlineRun {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Drivers drivers;
    private final Path work;
    private final Checks checks;

    DeadlineRun(Drivers drivers, Path work, Checks checks) {
        this.drivers = drivers;
        this.work = work;
        this.checks = checks;
    }

    void run() throws Exception {
        String path = work.resolve("database.sqlite").toString();
        OrmConfig config = OrmConfig.of(DatabaseConfig.of("sqlite", Map.of("path", path)))
                .withTimeouts(PATIENCE, Duration.ofMillis(300), PATIENCE);
        try (Orm orm = Orm.create(config)) {
            outlast(orm);
            checks.isEqual("rows after all", 2L, orm.table("notes").count());
            checks.isEqual("loaders reachable after the stream is dropped, as it was, open", 1L, drivers.reachable(1));
        }
    }

    /** The stream, and what was thrown, hold classes of the old driver: they are forgotten here. */
    private void outlast(Orm orm) throws Exception {
        Drivers.Copy old = drivers.load();
        Registration registration = orm.registerDriver("sqlite", old.factory());
        orm.getDriver().exec("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");
        orm.table("notes").insert(Map.of("text", "kept"));
        orm.table("notes").insert(Map.of("text", "kept too"));
        Iterator<Row> rows = orm.table("notes").stream().iterator(); // nobody closes this stream
        rows.next();
        var finish = new CountDownLatch(1);
        FutureTask<Throwable> holder = longTransaction(orm, finish);

        long begin = System.nanoTime();
        registration.close();
        long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        checks.isTrue("taken back after the deadline, not after the work", took >= 300 && took < 10_000, took);
        old.close();
        orm.registerDriver("sqlite", drivers.load().factory());
        checks.isEqual("rows that the next driver finds", 2L, orm.table("notes").count());
        finish.countDown();

        told("the transaction", holder.get(20, TimeUnit.SECONDS));
        told("the reader of the stream", failureOf(() -> rows.forEachRemaining(row -> {})));
    }

    private static FutureTask<Throwable> longTransaction(Orm orm, CountDownLatch finish) throws InterruptedException {
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

    private void told(String who, Throwable failure) {
        checks.isTrue(
                who + " was told that nothing of it is there",
                failure instanceof DriverSwappedException swapped && swapped.isOutcomeKnown(),
                failure);
    }

    private static Throwable failureOf(Runnable work) {
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
