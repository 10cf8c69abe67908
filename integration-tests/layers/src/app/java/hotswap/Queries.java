package hotswap;

import dev.bunary.orm.Orm;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One thread that reads again and again, and keeps what failed. */
final class Queries implements AutoCloseable {
    private final Orm orm;
    private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
    private final Thread thread = new Thread(this::run, "queries");
    private volatile boolean stopped;
    private volatile long done;

    Queries(Orm orm) {
        this.orm = orm;
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (!stopped && failures.size() < 10) {
            try {
                orm.table("notes").find(1).orElseThrow();
                done++;
            } catch (RuntimeException failure) {
                failures.add(failure.toString());
            }
        }
    }

    List<String> stop() throws InterruptedException {
        stopped = true;
        TimeUnit.SECONDS.timedJoin(thread, 20);
        System.out.println(done + " queries meanwhile");
        if (thread.isAlive() || done == 0) {
            failures.add("the thread hangs or did nothing");
        }
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        stopped = true;
    }
}
