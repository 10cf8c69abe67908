package dev.bunary.orm.soak;

import dev.bunary.orm.Orm;
import dev.bunary.orm.driver.Row;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** One thread of the load: does operations until it is told to stop, and notes every write that was acknowledged. */
final class Worker implements Runnable {
    /** A worker that fails this often is in a broken world; going on would only fill the memory. */
    private static final int MOST_FAILURES = 1_000;

    private final int number;
    private final Load load;
    private final Orm orm;
    private final Ledger.Page page;
    private final SplittableRandom random;
    private final EnumMap<Operation, Long> done = new EnumMap<>(Operation.class);
    private int failures;

    Worker(int number, Load load, Orm orm, Ledger.Page page, long seed) {
        this.number = number;
        this.load = load;
        this.orm = orm;
        this.page = page;
        this.random = new SplittableRandom(seed + number);
    }

    @Override
    public void run() {
        try {
            while (failures < MOST_FAILURES && load.mayGoOn()) {
                timed(Operation.pick(random));
            }
        } finally {
            load.workerEnded(number);
        }
    }

    /** Operations by kind; to be asked after the thread has ended. */
    Map<Operation, Long> done() {
        return done;
    }

    private void timed(Operation operation) {
        long start = System.nanoTime();
        try {
            run(operation);
            done.merge(operation, 1L, Long::sum);
        } catch (RuntimeException | Error failure) {
            failures++;
            load.failed(operation, failure);
        }
        load.ended(number, start, System.nanoTime());
    }

    private void run(Operation operation) {
        switch (operation) {
            case FIND -> find();
            case LIST -> list();
            case STREAM -> stream();
            case WRITE -> write();
            case TRANSACTION -> transaction();
        }
    }

    private void find() {
        long id = anyUser();
        String email = orm.table("users").find(id).orElseThrow().getString("email");
        expect(SampleData.email(id).equals(email), "user " + id + " has another email address");
    }

    private void list() {
        long user = anyUser();
        List<Row> posts = orm.table("posts")
                .where("user_id", user)
                .orderBy("id")
                .limit(20)
                .all();
        expect(enough(posts.size()), "user " + user + " has " + posts.size() + " posts");
        expect(posts.stream().allMatch(post -> post.getLong("user_id") == user), "a post is not of user " + user);
    }

    private void stream() {
        long from = anyUser();
        try (Stream<Row> users =
                orm.table("users").select("id").where("id", ">=", from).orderBy("id").limit(5).stream()) {
            users.forEach(user -> {
                long posts =
                        orm.table("posts").where("user_id", user.getLong("id")).count();
                expect(enough(posts), "a user has " + posts + " posts");
            });
        }
    }

    private void write() {
        int sequence = page.next();
        insert(sequence, 1);
        page.single(sequence);
    }

    private void transaction() {
        int sequence = page.next();
        orm.transaction(() -> {
            insert(sequence, 1);
            insert(sequence, 2);
        });
        page.pair(sequence);
    }

    private void insert(int sequence, int part) {
        long affected = orm.table(SampleData.WRITES).insert(Map.of("worker", number, "seq", sequence, "part", part));
        expect(affected == 1, "an insert affected " + affected + " rows");
    }

    private long anyUser() {
        return 1 + random.nextInt(load.plan().users());
    }

    private boolean enough(long posts) {
        return posts >= Math.min(20, load.plan().posts() / load.plan().users());
    }

    private static void expect(boolean holds, String seen) {
        if (!holds) {
            throw new IllegalStateException("wrong result: " + seen);
        }
    }
}
