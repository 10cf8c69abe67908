package dev.bunary.orm.it.karaf.probe;

import dev.bunary.orm.Orm;
import dev.bunary.orm.soak.Ledger;
import dev.bunary.orm.soak.Load;
import dev.bunary.orm.soak.LoadPlan;
import dev.bunary.orm.soak.Scenario;
import dev.bunary.orm.swap.FactoryInfo;
import java.time.Duration;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** The load of bundles/soak on the {@code Orm} service of the default connection, as shell commands. */
public final class LoadCommands {
    private static final String WRITES = "writes";
    private static final Duration STEP = Duration.ofMillis(5);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Orm orm;
    private Load load;

    LoadCommands(BundleContext context) {
        ServiceReference<Orm> reference = context.getServiceReference(Orm.class);
        if (reference == null) {
            throw new IllegalStateException("no Orm service; install a driver's feature before the probe");
        }
        orm = context.getService(reference);
    }

    /** Makes the tables anew and starts the load on them. */
    public void load(int threads, long seed) {
        for (String table : new String[] {"posts", "users", WRITES}) {
            orm.getDriver().exec("DROP TABLE IF EXISTS " + table);
        }
        LoadPlan plan = LoadPlan.of(threads, Duration.ofSeconds(60), seed).withRows(200, 1_000);
        new Scenario(orm, plan, line -> {}).prepare();
        load = Load.start(orm, plan);
    }

    /** Waits until this many more rows have been written; fails if the load has ended. */
    public void writes(long more) throws InterruptedException {
        long goal = orm.table(WRITES).count() + more;
        long begin = System.nanoTime();
        while (orm.table(WRITES).count() < goal) {
            if (!load.runFor(STEP) || System.nanoTime() - begin > LIMIT.toNanos()) {
                throw new IllegalStateException(
                        "the load does not go on: " + load.stop().firstFailures());
            }
        }
    }

    /** Waits until this version of the driver's bundle serves, under load. */
    public void serving(String version) throws InterruptedException {
        long begin = System.nanoTime();
        while (!version().equals(version)) {
            if (!load.runFor(STEP) || System.nanoTime() - begin > LIMIT.toNanos()) {
                throw new IllegalStateException("version " + version + " does not serve; " + orm.drivers());
            }
        }
    }

    /** The version of SQLite. */
    public String library() {
        return ask("SELECT sqlite_version()");
    }

    /** The version of the bundle whose driver serves. */
    public String version() {
        orm.getDriver();
        return orm.drivers().get(0).factory().map(FactoryInfo::version).orElse("none");
    }

    /** Stops the load and compares its ledger with the table. */
    public String end() throws InterruptedException {
        Load.Result result = load.stop();
        Ledger.Audit audit = Scenario.audit(orm, result.ledger());
        return "failed %d, ledger %s, integrity %s%nacknowledged %d of %d operations, generation %d%n%s"
                .formatted(
                        result.failed(),
                        audit.agrees() ? "agrees" : audit,
                        Scenario.integrity(orm),
                        audit.acknowledged(),
                        result.operations(),
                        orm.drivers().get(0).generation(),
                        String.join("\n", result.firstFailures()));
    }

    private String ask(String sql) {
        return orm.getDriver().query(sql).get().orElseThrow().getString(0);
    }
}
