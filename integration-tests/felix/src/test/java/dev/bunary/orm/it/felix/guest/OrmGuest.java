package dev.bunary.orm.it.felix.guest;

import dev.bunary.orm.Bunary;
import dev.bunary.orm.Orm;
import dev.bunary.orm.OrmConfig;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.RowReader;
import dev.bunary.orm.it.felix.probe.Guest;
import dev.bunary.orm.swap.DriverListener;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** A {@link Guest} of the {@code Orm} service. */
final class OrmGuest implements Guest {
    private static final RowReader<String> FIRST = columns -> row -> String.valueOf(row.value(0));

    private final BundleContext context;

    /** Held by the bundle's class loader, or the garbage collector would end them. */
    private static final Deque<Iterator<String>> STREAMS = new ArrayDeque<>();

    OrmGuest(BundleContext context) {
        this.context = context;
    }

    private ServiceReference<Orm> reference() {
        return context.getServiceReference(Orm.class);
    }

    private Orm orm() {
        return context.getService(reference());
    }

    @Override
    public Object view() {
        return orm();
    }

    @Override
    public void giveBack() {
        while (context.ungetService(reference())) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void closeView() {
        orm().close();
    }

    @Override
    public Object handle() {
        return orm().getDriver();
    }

    @Override
    public String openStream(String sql) {
        return first(orm().getDriver().query(sql).stream(FIRST));
    }

    @Override
    public String openTable(String table) {
        return first(orm().connection("default").table(table).as(FIRST).stream());
    }

    private String first(Stream<String> stream) {
        STREAMS.push(stream.iterator());
        return nextRow();
    }

    @Override
    public String nextRow() {
        return STREAMS.element().next();
    }

    @Override
    public long read(String sql, Runnable afterEach) {
        try (Stream<String> rows = orm().getDriver().query(sql).stream(FIRST)) {
            return rows.peek(row -> afterEach.run()).filter(row -> true).count();
        }
    }

    @Override
    public long readWith(String sql, Runnable inEach) {
        RowReader<String> slow = columns -> row -> {
            inEach.run();
            return row.getString(0);
        };
        try (Stream<String> rows = orm().getDriver().query(sql).stream(slow)) {
            return rows.toList().size();
        }
    }

    @Override
    public Object openUncached(String path) {
        return orm().createDriver(DatabaseConfig.of("sqlite", Map.of("path", path)));
    }

    @Override
    public void transaction(String first, Runnable between, String table) {
        Orm orm = orm();
        orm.transaction(tx -> {
            tx.exec(first);
            between.run();
            return orm.table(table).insert(Map.of("text", "by the view"));
        });
    }

    @Override
    public void listen(Object listener) {
        orm().listen((DriverListener) listener);
    }

    @Override
    public void listenAndRegister() {
        orm().listen(event -> {});
        orm().registerDriver("guest", config -> orm().createDriver(config));
    }

    @Override
    public void register(String type, Object factory) {
        orm().registerDriver(type, (DriverFactory) factory);
    }

    @Override
    public void registerByStatics(String type, Object factory) {
        Bunary.registerDriver(type, (DriverFactory) factory);
    }

    @Override
    public void configure(String path) {
        Bunary.setOrmConfig(OrmConfig.of(DatabaseConfig.of("sqlite", Map.of("path", path))));
    }

    @Override
    public void clearConfiguration() {
        Bunary.clearOrmConfig();
    }
}
