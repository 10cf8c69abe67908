package dev.bunary.orm.it.felix.consumer;

import dev.bunary.orm.Orm;
import dev.bunary.orm.it.felix.probe.Probe.Outcome;
import dev.bunary.orm.it.felix.probe.Probe.RunningLoad;
import dev.bunary.orm.soak.Ledger;
import dev.bunary.orm.soak.Load;
import dev.bunary.orm.soak.LoadPlan;
import dev.bunary.orm.soak.Pauses;
import dev.bunary.orm.soak.Scenario;
import java.time.Duration;
import java.util.stream.LongStream;

/** The load of bundles/soak, run by a consumer bundle. */
final class SoakLoad implements RunningLoad {
    private static final String WRITES = "writes";
    private static final Duration STEP = Duration.ofMillis(2);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Orm orm;
    private final Load load;
    private long[] pauses = {};

    private SoakLoad(Orm orm, Load load) {
        this.orm = orm;
        this.load = load;
    }

    static SoakLoad start(Orm orm, LoadPlan plan) {
        new Scenario(orm, plan, line -> {}).prepare();
        return new SoakLoad(orm, Load.start(orm, plan));
    }

    @Override
    public void end() {
        load.close();
    }

    @Override
    public void awaitWrites(long more) throws InterruptedException {
        long goal = orm.table(WRITES).count() + more;
        long begin = System.nanoTime();
        while (orm.table(WRITES).count() < goal) {
            if (!load.runFor(STEP) || System.nanoTime() - begin > LIMIT.toNanos()) {
                throw new IllegalStateException(
                        "the load does not go on: " + load.stop().firstFailures());
            }
        }
    }

    @Override
    public void swap(Runnable swap) throws InterruptedException {
        pauses = LongStream.concat(LongStream.of(pauses), LongStream.of(load.pausesDuring(swap::run)))
                .toArray();
    }

    @Override
    public String pauses() {
        return Pauses.of(pauses).toString();
    }

    @Override
    public Outcome stop() throws InterruptedException {
        Load.Result result = load.stop();
        Ledger.Audit audit = Scenario.audit(orm, result.ledger());
        return new Outcome(
                result.operations(),
                result.failed(),
                result.firstFailures(),
                audit.acknowledged(),
                audit.agrees() ? "agrees" : audit.toString(),
                Scenario.integrity(orm));
    }
}
