package dev.bunary.orm.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bunary.orm.Bunary;
import dev.bunary.orm.Orm;
import dev.bunary.orm.OrmConfig;
import dev.bunary.orm.driver.DatabaseConfig;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;

/** What a framework is told of the connections, where something happens while it is told. */
class OrmServicesTest {
    private final OrmServices orms = new OrmServices(framework());

    /** What the framework has been given and not taken back, in order. */
    private final List<ServiceFactory<?>> offered = new ArrayList<>();

    /** What happens next in the framework while a service is registered. */
    private final Deque<Runnable> whileRegistering = new ArrayDeque<>();

    private BundleContext framework() {
        return proxy(BundleContext.class, (method, arguments) -> {
            ServiceFactory<?> service = (ServiceFactory<?>) arguments[1];
            whileRegistering.removeFirst().run();
            offered.add(service);
            return proxy(ServiceRegistration.class, (unregister, none) -> offered.remove(service));
        });
    }

    private interface Answer {
        Object to(String method, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answer.to(method.getName(), arguments)));
    }

    @BeforeEach
    void configure() {
        Bunary.setOrmConfig(OrmConfig.of(DatabaseConfig.of("sqlite", Map.of("path", ":memory:"))));
    }

    @AfterEach
    void close() {
        Bunary.orm().close();
    }

    private String answer() {
        assertEquals(1, offered.size());
        Bundle bundle = proxy(Bundle.class, (method, none) -> method.equals("getBundleId") ? 1L : "shop");
        Orm view = (Orm) offered.get(0).getService(bundle, null);
        return view.getDriver()
                .query("SELECT 'served' AS answer")
                .get()
                .orElseThrow()
                .getString("answer");
    }

    @Test
    void refresh_whileTheOrmIsReplaced_offersTheConnectionsOfTheNext() {
        whileRegistering.add(
                () -> { // by the bundle that the service starts, or by another thread
                    Bunary.orm().close();
                    configure();
                    orms.refresh();
                });
        whileRegistering.add(() -> {});

        orms.refresh();

        assertEquals("served", answer());
    }

    @Test
    void refresh_whichFails_isNotTheLast() {
        whileRegistering.add(() -> {
            throw new IllegalStateException("the bundle is stopping");
        });
        whileRegistering.add(() -> {});
        try {
            orms.refresh();
        } catch (IllegalStateException told) {
            // the next one is to be tried all the same
        }

        orms.refresh();

        assertEquals("served", answer());
    }
}
