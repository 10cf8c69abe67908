package dev.bunary.orm.it.datasource.consumer;

import dev.bunary.orm.Orm;
import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.it.datasource.probe.Probe;
import dev.bunary.orm.swap.FactoryInfo;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.jdbc.DataSourceFactory;

/** A {@link Probe} on an {@link Orm}. */
final class OrmProbe implements Probe {
    private final BundleContext context;
    private final Orm orm;
    private final List<String> events = new CopyOnWriteArrayList<>();

    OrmProbe(BundleContext context, Orm orm) {
        this.context = context;
        this.orm = orm;
        orm.listen(event -> events.add(event.kind() + " " + event.connection()));
    }

    @Override
    public Status status(String connection) {
        var status = orm.drivers().stream()
                .filter(each -> each.connection().equals(connection))
                .findFirst()
                .orElseThrow();
        return new Status(
                status.state().name(),
                status.generation(),
                status.factory().map(FactoryInfo::name).orElse(""),
                status.factory().map(FactoryInfo::version).orElse(""),
                status.candidates().stream().map(Object::toString).toList());
    }

    @Override
    public long exec(String connection, String sql) {
        return orm.connection(connection).getDriver().exec(sql);
    }

    @Override
    public String ask(String connection, String sql) {
        return orm.connection(connection)
                .getDriver()
                .query(sql)
                .get()
                .orElseThrow()
                .getString(0);
    }

    @Override
    public void configure(String connection, Map<String, String> properties) {
        orm.configure(orm.config().with(connection, DatabaseConfig.of("datasource", properties)));
    }

    @Override
    public Announced announceFactory(String driverClass, int ranking) throws Exception {
        var service = context.registerService(DataSourceFactory.class, h2(), properties(driverClass, ranking));
        return new Announced() {
            @Override
            public void rank(int newRanking) {
                service.setProperties(properties(driverClass, newRanking));
            }

            @Override
            public void close() {
                service.unregister();
            }
        };
    }

    private static Hashtable<String, Object> properties(String driverClass, int ranking) {
        return new Hashtable<>(
                Map.of(DataSourceFactory.OSGI_JDBC_DRIVER_CLASS, driverClass, Constants.SERVICE_RANKING, ranking));
    }

    @Override
    public AutoCloseable announceDataSource(String name, String url) throws Exception {
        var properties = new Properties();
        properties.setProperty(DataSourceFactory.JDBC_URL, url);
        var published = new Hashtable<String, Object>(Map.of("name", name, "password", "hidden5150"));
        return context.registerService(DataSource.class, h2().createDataSource(properties), published)::unregister;
    }

    /** The one that H2's own bundle registers. */
    private DataSourceFactory h2() throws Exception {
        for (ServiceReference<DataSourceFactory> reference :
                context.getServiceReferences(DataSourceFactory.class, "(osgi.jdbc.driver.class=org.h2.Driver)")) {
            if (!reference.getBundle().equals(context.getBundle())) {
                return context.getService(reference);
            }
        }
        throw new IllegalStateException("H2's bundle offers no DataSourceFactory");
    }

    @Override
    public RunningLoad startLoad(String connection, String table, int threads) {
        return TwoInserts.start(orm.connection(connection), table, threads);
    }

    @Override
    public List<String> events() {
        return List.copyOf(events);
    }

    @Override
    public void closeDriver(String connection) {
        orm.connection(connection).closeDriver();
    }
}
