package dev.bunary.orm.soak;

import dev.bunary.orm.Orm;
import dev.bunary.orm.driver.Row;
import dev.bunary.orm.swap.DriverEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The whole story of the demo: fills a fresh SQLite database, runs the README's queries, and swaps drivers under load.
 * How a driver is swapped is the caller's: it differs between OSGi, module layers and plain code.
 */
public final class Scenario {
    private static final Duration REBIND_LIMIT = Duration.ofSeconds(20);

    private final Orm orm;
    private final LoadPlan plan;
    private final Consumer<String> out;
    private final Duration rebindLimit;
    private final List<SwapReport> swapped = new ArrayList<>();
    private final List<long[]> pauses = new ArrayList<>();

    /**
     * A run.
     *
     * @param orm an Orm whose default connection is an empty SQLite database
     * @param plan how much load
     * @param out takes lines for a person; called on the thread that runs the scenario
     */
    public Scenario(Orm orm, LoadPlan plan, Consumer<String> out) {
        this(orm, plan, out, REBIND_LIMIT);
    }

    Scenario(Orm orm, LoadPlan plan, Consumer<String> out, Duration rebindLimit) {
        this.orm = orm;
        this.plan = plan;
        this.out = out;
        this.rebindLimit = rebindLimit;
    }

    /**
     * Runs it all.
     *
     * @param swaps what to do under load, by name, in order, spread evenly over the time; after each, a new driver serves
     * @return what happened
     * @throws InterruptedException if interrupted while waiting
     */
    public Report run(Map<String, Runnable> swaps) throws InterruptedException {
        prepare();
        new ReadmeQueries(orm, out).run();
        return underLoad(swaps);
    }

    /** Creates and fills the tables. */
    public void prepare() {
        out.accept("Filling %,d users and %,d posts".formatted(plan.users(), plan.posts()));
        new SampleData(orm, plan.users(), plan.posts()).create(out);
    }

    /**
     * Runs the load and the swaps on tables that {@link #prepare} has filled, then checks.
     *
     * @param swaps as for {@link #run}
     * @return what happened
     * @throws InterruptedException if interrupted while waiting
     */
    public Report underLoad(Map<String, Runnable> swaps) throws InterruptedException {
        Duration gap = plan.duration().dividedBy(swaps.size() + 1L);
        out.accept("Load: %d threads for %d s, %d swaps, seed %d"
                .formatted(plan.threads(), plan.duration().toSeconds(), swaps.size(), plan.seed()));
        try (var watch = new SwapWatch(orm);
                var load = Load.start(orm, outlasting(swaps.size()))) {
            for (var swap : new LinkedHashMap<>(swaps).entrySet()) {
                load.runFor(gap);
                out.accept("  " + swap(watch, load, swap.getKey(), swap.getValue()));
            }
            load.runFor(gap);
            return check(load.stop());
        }
    }

    /**
     * Compares ledger and table and checks the database. {@link #underLoad} does so itself; this is for who runs a {@link
     * Load} on the tables in their own way.
     *
     * @param result what a stopped load gave
     * @return what happened, with the swaps that this scenario has made
     */
    public Report check(Load.Result result) {
        Report report = report(result);
        report.lines().forEach(out);
        return report;
    }

    /** As {@link #check}, and says nothing. */
    Report report(Load.Result result) {
        return new Report(plan.seed(), result, audit(orm, result.ledger()), integrity(orm), swapped, Pauses.of(pauses));
    }

    /** As {@link #report}, of a database that no driver can read any more. */
    Report unread(Load.Result result) {
        return new Report(plan.seed(), result, result.ledger().unread(), Report.UNREAD, swapped, Pauses.of(pauses));
    }

    /** The plan with time for that many swaps: the load must last until each has its new driver. */
    LoadPlan outlasting(int swaps) {
        return new LoadPlan(
                plan.threads(),
                plan.duration().plus(rebindLimit.multipliedBy(swaps + 1L)),
                plan.operations(),
                plan.seed(),
                plan.users(),
                plan.posts());
    }

    /** Makes one swap under load and measures it. */
    SwapReport swap(SwapWatch watch, Load load, String name, Runnable act) throws InterruptedException {
        String from = watch.serving();
        String engineFrom = engine();
        long generation = watch.generation();
        var events = new ArrayList<DriverEvent>();
        watch.clear();
        long start = System.nanoTime();
        long[] held = load.pausesDuring(() -> {
            act.run();
            events.addAll(watch.awaitLater(generation, rebindLimit));
        });
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        pauses.add(held);
        var report = new SwapReport(
                name,
                watch.generation(),
                from,
                watch.serving(),
                engineFrom,
                engine(),
                events.stream().mapToLong(DriverEvent::leases).max().orElse(0),
                events.stream().mapToInt(DriverEvent::parked).max().orElse(0),
                drain(events),
                took,
                Pauses.of(held));
        swapped.add(report);
        return report;
    }

    /** Makes one swap without load. Gives the time from its start until the new driver has answered. */
    Duration idleSwap(SwapWatch watch, Runnable act) throws InterruptedException {
        long generation = watch.generation();
        watch.clear();
        long start = System.nanoTime();
        act.run();
        orm.table("users").find(1).orElseThrow();
        watch.awaitLater(generation, rebindLimit);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /**
     * Compares a ledger with the table of writes. It is for who stops a {@link Load} in their own way; the load must have
     * ended, as its workers write in the ledger.
     *
     * @param orm the Orm whose default connection the load worked on
     * @param ledger the writes that were acknowledged
     * @return what differs
     */
    public static Ledger.Audit audit(Orm orm, Ledger ledger) {
        try (Stream<Ledger.Part> rows = orm
                .table(SampleData.WRITES)
                .select("worker", "seq", "part")
                .as(columns -> row -> new Ledger.Part(row.getInt(0), row.getInt(1), row.getInt(2)))
                .stream()) {
            return ledger.audit(rows::iterator);
        }
    }

    /**
     * Has SQLite check the whole database.
     *
     * @param orm an Orm whose default connection is a SQLite database
     * @return what {@code PRAGMA integrity_check} answered: {@code ok}, or what is wrong
     */
    public static String integrity(Orm orm) {
        List<Row> answer = orm.getDriver().query("PRAGMA integrity_check").all();
        return String.join("; ", answer.stream().map(row -> row.getString(0)).toList());
    }

    private String engine() {
        return orm.getDriver()
                .query("SELECT sqlite_version() AS version")
                .get()
                .orElseThrow()
                .getString("version");
    }

    /** The longest time an event names for a drain; the opening that follows it is part of the pause, not of the drain. */
    private static Duration drain(List<DriverEvent> events) {
        return events.stream()
                .map(DriverEvent::duration)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }
}
