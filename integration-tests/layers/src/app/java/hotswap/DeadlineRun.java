package hotswap;

import dev.bunary.orm.DriverModules;
import dev.bunary.orm.Orm;
import dev.bunary.orm.driver.DriverSwappedException;
import dev.bunary.orm.driver.Row;
import dev.bunary.orm.swap.InstalledDriver;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** An update under work that outlasts the drain: a transaction, and a stream that nobody closes. */
final class DeadlineRun {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Setting setting;
    private final Checks checks;

    DeadlineRun(Setting setting, Checks checks) {
        this.setting = setting;
        this.checks = checks;
    }

    void run() throws Exception {
        InstalledDriver driver = DriverModules.install(setting.previous());
        try (Orm orm = Orm.create(setting.config().withTimeouts(PATIENCE, Duration.ofMillis(300), PATIENCE))) {
            orm.getDriver().exec("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");
            orm.table("notes").insert(Map.of("text", "kept"));
            orm.table("notes").insert(Map.of("text", "kept too"));
            Iterator<Row> rows = orm.table("notes").stream().iterator(); // nobody closes this stream
            rows.next();
            var finish = new CountDownLatch(1);
            FutureTask<RuntimeException> holder = longTransaction(orm, finish);

            long begin = System.nanoTime();
            driver.update(setting.driver());
            long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
            checks.isTrue(
                    "updated after the deadline, not after the work", took >= 300 && took < 10_000, () -> took + " ms");
            checks.isEqual(
                    "rows that the next driver finds", 2L, orm.table("notes").count());
            finish.countDown();

            told("the transaction", holder.get(20, TimeUnit.SECONDS));
            told("the reader of the stream", failureOf(() -> rows.forEachRemaining(row -> {})));
            checks.isEqual("rows after all", 2L, orm.table("notes").count());
        }
        driver.uninstall();
        checks.isEqual("temporary files", 0, Setting.temporaryFiles().size());
    }

    private static FutureTask<RuntimeException> longTransaction(Orm orm, CountDownLatch finish) {
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
