package dev.bunary.orm.it.felix.consumer;

import dev.bunary.orm.Orm;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.NoDriverException;
import dev.bunary.orm.driver.RowReader;
import dev.bunary.orm.it.felix.probe.Probe;
import dev.bunary.orm.soak.LoadPlan;
import dev.bunary.orm.swap.DriverListener;
import dev.bunary.orm.swap.DriverStatus;
import dev.bunary.orm.swap.FactoryInfo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A {@link Probe} on an {@link Orm}. */
final class OrmProbe implements Probe {
    private static final RowReader<Long> FIRST_LONG = columns -> row -> row.getLong(0);
    private static final String NUMBERS =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT i FROM n";

    private final Orm orm;
    private final List<String> events = new CopyOnWriteArrayList<>();

    OrmProbe(Orm orm) {
        this.orm = orm;
        orm.listen(event -> events.add(event.kind().name()));
    }

    @Override
    public Object handle() {
        return orm.getDriver();
    }

    @Override
    public Status status() {
        DriverStatus status = defaultStatus();
        return new Status(
                status.state().name(),
                status.generation(),
                status.factory().map(FactoryInfo::name).orElse(""),
                status.factory().map(FactoryInfo::version).orElse(""),
                status.leases(),
                status.parked());
    }

    private DriverStatus defaultStatus() {
        return orm.drivers().stream()
                .filter(each -> each.connection().equals("default"))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public long exec(String sql) {
        return exec(orm.getDriver(), sql);
    }

    @Override
    public long exec(Object handle, String sql) {
        return ((DatabaseDriver) handle).exec(sql);
    }

    @Override
    public String ask(String sql) {
        return ask(orm.getDriver(), sql);
    }

    @Override
    public String ask(Object handle, String sql) {
        return ((DatabaseDriver) handle).query(sql).get().orElseThrow().getString(0);
    }

    @Override
    public void transaction(Object handle, String first, String second) {
        ((DatabaseDriver) handle).transaction(tx -> {
            tx.exec(first);
            return tx.exec(second);
        });
    }

    @Override
    public void transaction(String first, Runnable between, String second) {
        orm.transaction(tx -> {
            tx.exec(first);
            between.run();
            return tx.exec(second);
        });
    }

    @Override
    public long stream(Runnable afterFirst) {
        try (Stream<Long> numbers = orm.getDriver().query(NUMBERS).stream(FIRST_LONG)) {
            return numbers.peek(number -> {
                        if (number == 1) {
                            afterFirst.run();
                        }
                    })
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }

    @Override
    public List<String> events() {
        return List.copyOf(events);
    }

    @Override
    public void listen(String kind, Runnable reaction) {
        orm.listen(event -> {
            if (event.kind().name().equals(kind)) {
                reaction.run();
            }
        });
    }

    @Override
    public List<String> candidates() {
        return defaultStatus().candidates().stream()
                .map(candidate ->
                        candidate.factory().name() + " " + candidate.factory().version())
                .toList();
    }

    @Override
    public void configure(String type, Map<String, String> properties) {
        orm.configure(orm.config().with("default", DatabaseConfig.of(type, properties)));
    }

    @Override
    public Object listener(Consumer<String> kinds) {
        DriverListener listener = event -> kinds.accept(event.kind().name());
        return listener;
    }

    @Override
    public Object factory() {
        DriverFactory factory = config -> orm.createDriver(DatabaseConfig.of("sqlite", Map.of("path", ":memory:")));
        return factory;
    }

    @Override
    public AutoCloseable register(String type, Object factory) {
        return orm.registerDriver(type, (DriverFactory) factory);
    }

    @Override
    public void pin(String version) {
        orm.pinDriver(defaultStatus().candidates().stream()
                .map(DriverStatus.Candidate::factory)
                .filter(factory -> factory.version().equals(version))
                .findFirst()
                .orElseThrow());
    }

    @Override
    public void unpin() {
        orm.unpinDriver();
    }

    @Override
    public void closeDriver() {
        orm.closeDriver();
    }

    @Override
    public Sharing shareFile(String journalMode, String linked, String relative) {
        return SharedFile.start(orm, journalMode, linked, relative);
    }

    @Override
    public boolean opens(String type) {
        try (DatabaseDriver driver = orm.createDriver(DatabaseConfig.of(type, Map.of("path", ":memory:")))) {
            return driver.query("SELECT 1").get().isPresent();
        } catch (NoDriverException none) {
            return false;
        }
    }

    @Override
    public RunningLoad startLoad(int threads, long seed) {
        return SoakLoad.start(
                orm, LoadPlan.of(threads, Duration.ofSeconds(90), seed).withRows(200, 1_000));
    }
}
