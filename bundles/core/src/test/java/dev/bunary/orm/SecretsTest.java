package dev.bunary.orm;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.swap.DriverEvent;
import dev.bunary.orm.swap.DriverState;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One scan for secrets: a connection has one in each place where one can be, everything goes wrong, and what is logged,
 * told, thrown and shown repeats none of them, though the driver does its worst.
 */
@Timeout(60)
final class SecretsTest {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofSeconds(20);

    /** By the place where it is. */
    private static final Map<String, String> SECRETS = new LinkedHashMap<>(Map.of(
            "password", "swordfish-1",
            "accessToken", "tok3n-2",
            "jdbc.keyStorePassword", "st0re-3",
            "clientSecret", "cl1ent-4",
            "user info", "us3r-5",
            "url parameter", "par4m-6",
            "last url parameter", "l4st-7",
            "second url", "s3cond-8"));

    private final Heard heard = new Heard();
    private final LinkedBlockingQueue<DriverEvent> events = new LinkedBlockingQueue<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private Orm orm;

    private static DatabaseConfig config(String fault, String... more) {
        var properties = new HashMap<>(Map.of(
                "url",
                "jdbc:leaky://ann:" + SECRETS.get("user info") + "@host:1/shop?password=" + SECRETS.get("url parameter")
                        + "&ssl=true&apiKey=" + SECRETS.get("last url parameter"),
                "replica",
                "leaky://bob:" + SECRETS.get("second url") + "@host/shop",
                "fault",
                fault));
        for (String name : List.of("password", "accessToken", "jdbc.keyStorePassword", "clientSecret")) {
            properties.put(name, SECRETS.get(name));
        }
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        return DatabaseConfig.of("leaky", properties);
    }

    @BeforeEach
    void open() {
        orm = Orm.create(OrmConfig.of(config("none")).withTimeouts(SHORT, SHORT, SHORT));
        orm.listen(event -> {
            heard.add(event);
            heard.add(event.message());
            events.add(event);
        });
        orm.registerDriver("leaky", LeakyDriver.factory(released));
    }

    @AfterEach
    void scan() {
        heard.add(orm.config());
        heard.add(orm.config().connections());
        heard.add(orm.drivers());
        Thread.getAllStackTraces().keySet().forEach(heard::add);
        released.countDown();
        orm.close();
        heard.close();
        SECRETS.forEach((place, secret) ->
                assertFalse(heard.all().contains(secret), () -> "the secret of " + place + ":\n" + heard.all()));
        assertTrue(heard.all().contains("DriverStatus["), "nothing was heard");
        assertTrue(heard.all().contains("password=***"), "nothing was hidden");
    }

    private void configure(DatabaseConfig config) {
        orm.configure(OrmConfig.of(config).withTimeouts(SHORT, SHORT, SHORT));
    }

    private void fails(Runnable work) {
        heard.add(assertThrows(OrmException.class, work::run));
        heard.add(orm.drivers());
        Thread.getAllStackTraces().keySet().forEach(heard::add);
    }

    private DriverEvent await(DriverEvent.Kind kind) throws InterruptedException {
        DriverEvent event;
        do {
            event = events.poll(LONG.toMillis(), TimeUnit.MILLISECONDS);
            assertTrue(event != null, "no event " + kind);
        } while (event.kind() != kind);
        return event;
    }

    @ParameterizedTest
    @ValueSource(strings = {"throws", "throws an error", "is wrong", "hangs", "cannot query"})
    void open_thatFailsWithTheConfigurationInItsMessage_showsNoSecret(String fault) throws Exception {
        configure(config(fault));
        fails(() -> orm.getDriver().exec("x"));
        fails(() -> orm.createDriver(config(fault)));

        configure(config("none"));
        orm.getDriver().exec("x");
        configure(config(fault, "user", "eve")); // the gap of a swap, where callers park until their time is over
        fails(() -> orm.getDriver().exec("x"));

        if (!fault.equals("is wrong")) {
            heard.add(await(DriverEvent.Kind.QUARANTINED));
            assertTrue(heard.all().contains("quarantined after"), "the status tells of it");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"close throws", "close hangs"})
    void close_thatFailsWithTheConfigurationInItsMessage_showsNoSecret(String fault) {
        configure(config(fault));
        orm.getDriver().exec("x");

        orm.closeDriver();
        fails(() -> orm.getDriver().exec("x"));

        assertTrue(
                orm.drivers().get(0).state() == DriverState.STUCK, orm.drivers().toString());
        assertTrue(heard.all().contains("close() of a driver of"), "it was logged");
    }

    @Test
    void handle_afterTheUrlChanged_showsNoSecret() {
        DatabaseDriver stale = orm.getDriver();
        configure(config("none", "url", "jdbc:leaky://ann:" + SECRETS.get("user info") + "@other"));
        fails(() -> stale.exec("x"));
    }

    @Test
    void transaction_thatASwapEnds_showsNoSecret() throws Exception {
        fails(() -> orm.transaction(() -> {
            configure(config("none", "password", SECRETS.get("clientSecret")));
            heard.add(take(DriverEvent.Kind.FORCED));
        }));
        orm.getDriver().exec("x");
        await(DriverEvent.Kind.REBOUND);
    }

    private DriverEvent take(DriverEvent.Kind kind) {
        try {
            return await(kind);
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    @Test
    void secondCopyOfAnEngine_thatIsNamedByItsUrl_showsNoSecret() throws Exception {
        orm.configure(orm.config().withTimeouts(LONG, SHORT, LONG));
        orm.getDriver().exec("x");
        orm.resetDriver(); // still open, so a second copy is refused, and told which engine it asked for
        orm.registerDriver("leaky", copyOf(LeakyDriver.factory(released)));

        orm.getDriver().exec("x");

        String told = await(DriverEvent.Kind.QUARANTINED).message();
        assertTrue(told.contains("is in use by"), told);
    }

    private static DriverFactory copyOf(DriverFactory factory) {
        var loader = new ClassLoader(SecretsTest.class.getClassLoader()) {};
        return (DriverFactory) Proxy.newProxyInstance(
                loader,
                new Class<?>[] {DriverFactory.class},
                (proxy, method, arguments) ->
                        method.getName().equals("engineCopy") ? loader : method.invoke(factory, arguments));
    }
}
