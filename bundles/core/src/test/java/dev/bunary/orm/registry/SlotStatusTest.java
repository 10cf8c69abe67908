package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverClosedException;
import dev.bunary.orm.driver.DriverFactory;
import dev.bunary.orm.driver.DriverUnavailableException;
import dev.bunary.orm.driver.Row;
import dev.bunary.orm.swap.DriverEvent;
import dev.bunary.orm.swap.DriverState;
import dev.bunary.orm.swap.DriverStatus;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a slot tells, what it keeps, and drivers that no slot has. */
@Timeout(60)
class SlotStatusTest {

    // ---- uncached drivers, status, events

    @Test
    void open_uncached_belongsToTheCaller_andLeavesWithItsFactory() {
        try (Bench bench = Bench.patient()) {
            var opened = new AtomicReference<TinyDriver>();
            Candidate factory = bench.announce(0, config -> {
                opened.set(new TinyDriver(config.require("path")));
                return opened.get();
            });
            DatabaseDriver own = bench.connections.open(DatabaseConfig.of("tiny", Map.of("path", "own")));
            assertEquals("own", Bench.answer(own));
            own.close();
            assertTrue(opened.get().isClosed());

            DatabaseDriver left = bench.connections.open(DatabaseConfig.of("tiny", Map.of("path", "own")));
            bench.registry.withdraw(factory);
            assertTrue(opened.get().isClosed());
            assertThrows(DriverClosedException.class, () -> left.exec("x"));
        }
    }

    @Test
    void status_whileWorkIsOpen_tellsLeasesAndTheLongestHolder() {
        try (Bench bench = Bench.patient()) {
            bench.announce(5, config -> new TinyDriver("a"));
            bench.transaction(tx -> {
                var status = bench.slot().status();
                assertEquals(DriverState.BOUND, status.state());
                assertEquals(1, status.leases());
                assertEquals(
                        Thread.currentThread().getName(),
                        status.longest().orElseThrow().thread());
                assertEquals("serves", status.candidates().get(0).reason());
                assertEquals(5, status.factory().orElseThrow().ranking());
                return 1;
            });
            assertEquals(0, bench.slot().status().leases());
        }
    }

    @Test
    void status_beforeTheFirstUse_saysOfEachFactoryThatItIsNotOpenedYet() {
        try (Bench bench = Bench.patient()) {
            bench.announce(1, config -> new TinyDriver("a"));
            bench.announce(0, config -> new TinyDriver("b"));

            assertEquals(List.of("not opened yet", "not opened yet"), reasons(bench));
        }
    }

    @Test
    void status_afterTheFirstUse_saysOfTheLowerFactoryThatAnotherIsPreferred() {
        try (Bench bench = Bench.patient()) {
            bench.announce(0, config -> new TinyDriver("lower"));
            bench.announce(1, config -> new TinyDriver("higher"));
            bench.answer();

            assertEquals(List.of("serves", "another is preferred"), reasons(bench));
        }
    }

    private static List<String> reasons(Bench bench) {
        return bench.slot().status().candidates().stream()
                .map(DriverStatus.Candidate::reason)
                .toList();
    }

    @Test
    void status_whileTwoTransactionsAreOpen_tellsThreadAndAgeOfTheOlder() throws Exception {
        var goOn = new CountDownLatch(1);
        try (Bench bench = Bench.patient()) {
            bench.announce(0, config -> new TinyDriver("a"));
            bench.answer();
            long before = System.nanoTime();
            var older = begin(bench, goOn);
            long begun = System.nanoTime();
            var younger = begin(bench, goOn);
            Bench.await(() -> System.nanoTime() - begun > Duration.ofMillis(20).toNanos());

            var longest = bench.slot().status().longest().orElseThrow();

            long most = System.nanoTime() - before;
            assertEquals(older.name(), longest.thread());
            assertTrue(longest.age().toMillis() >= 20, longest::toString);
            assertTrue(longest.age().toNanos() <= most, longest::toString);
            goOn.countDown();
            assertEquals("a", Bench.join(older.work()));
            assertEquals("a", Bench.join(younger.work()));
        } finally {
            goOn.countDown();
        }
    }

    /** A transaction that has begun, and the name of its thread. */
    private record Begun(String name, CompletableFuture<String> work) {}

    private static Begun begin(Bench bench, CountDownLatch goOn) {
        var inside = new CountDownLatch(1);
        var name = new AtomicReference<String>();
        var work = Bench.async(() -> bench.transaction(tx -> {
            name.set(Thread.currentThread().getName());
            inside.countDown();
            Bench.await(goOn);
            return Bench.answer(tx);
        }));
        Bench.await(inside);
        return new Begun(name.get(), work);
    }

    @Test
    void secret_thatADriverQuotes_isInNoMessageEventOrStatus() throws Exception {
        try (Bench bench = Bench.withTimeouts(300, 300, 300)) {
            bench.configure(DatabaseConfig.of("tiny", Map.of("password", "s3cret")));
            bench.announce(0, config -> {
                throw new IllegalStateException("cannot log in with " + config.require("password"));
            });
            var failure = assertThrows(
                    DriverUnavailableException.class, () -> bench.slot().driver());

            assertTrue(failure.getMessage().contains("cannot log in with ***"), failure.getMessage());
            String event = bench.await(DriverEvent.Kind.QUARANTINED).toString();
            assertTrue(event.contains("cannot log in with ***"), event);
            String status = bench.slot().status().toString();
            assertTrue(status.contains("cannot log in with ***"), status);
        }
    }

    @Test
    void listener_thatThrowsAnError_isToldOfTheNextEventToo() throws Exception {
        try (Bench bench = Bench.patient()) {
            var told = new CountDownLatch(2);
            bench.connections.listen(event -> {
                told.countDown();
                throw new AssertionError("on " + event.kind());
            });
            bench.announce(0, config -> new TinyDriver("a"));
            bench.answer();
            bench.slot().closeDriver();
            bench.answer();

            Bench.await(told);
        }
    }

    @Test
    void listener_mayCallBackIntoTheOrm() throws Exception {
        try (Bench bench = Bench.patient()) {
            var answers = Collections.synchronizedList(new ArrayList<String>());
            bench.connections.listen(event -> {
                if (event.kind() == DriverEvent.Kind.BOUND) {
                    answers.add(bench.answer());
                }
            });
            bench.announce(0, config -> new TinyDriver("a"));
            bench.answer();
            Bench.await(() -> answers.size() == 1);
            assertEquals(List.of("a"), answers);
        }
    }

    @Test
    void use_afterClose_throws() {
        Bench bench = Bench.patient();
        bench.announce(0, config -> new TinyDriver("a"));
        DatabaseDriver driver = bench.slot().driver();
        bench.close();
        bench.close();
        assertThrows(DriverClosedException.class, () -> driver.exec("x"));
        assertThrows(DriverClosedException.class, bench::answer);
    }

    @Test
    void stream_readToItsEnd_endsItsLeaseWithoutClose() {
        try (Bench bench = Bench.patient()) {
            bench.announce(0, config -> new TinyDriver("a"));
            Stream<Row> stream = bench.slot().driver().query("x").stream(Row.reader());
            assertEquals(1, bench.slot().status().leases());
            assertEquals(1, stream.count());
            assertEquals(0, bench.slot().status().leases());
        }
    }

    // ---- promise 14: no leaks

    @Test
    void oldHandle_afterASwap_doesNotKeepTheDriverItWasBornWith() {
        try (Bench bench = Bench.patient()) {
            var first = new AtomicReference<WeakReference<TinyDriver>>();
            bench.announce(0, config -> {
                var driver = new TinyDriver("a");
                first.set(new WeakReference<>(driver));
                return driver;
            });
            DatabaseDriver old = bench.slot().driver();
            bench.announce(1, config -> new TinyDriver("b"));

            assertEquals("b", Bench.answer(old));
            Bench.await(() -> {
                System.gc();
                return first.get().refersTo(null);
            });
        }
    }

    @Test
    void detachedHandle_afterItsFactoryLeft_doesNotKeepItsDriver() {
        try (Bench bench = Bench.patient()) {
            var opened = new AtomicReference<WeakReference<TinyDriver>>();
            Candidate factory = bench.announce(0, config -> {
                var driver = new TinyDriver("a");
                opened.set(new WeakReference<>(driver));
                return driver;
            });
            DatabaseDriver detached = bench.slot().driver();
            assertEquals("a", Bench.answer(detached));
            bench.slot().resetDriver();
            assertEquals("a", Bench.answer(detached));

            bench.registry.withdraw(factory);

            assertThrows(DriverClosedException.class, () -> Bench.answer(detached));
            Bench.await(() -> {
                System.gc();
                return opened.get().refersTo(null);
            });
        }
    }

    @Test
    void factory_thatMakesAThreadOfTheJdk_doesNotPassItsLoaderOn() {
        try (Bench bench = Bench.patient()) {
            var seen = new AtomicReference<ClassLoader>();
            var loader = new ClassLoader(DriverFactory.class.getClassLoader()) {};
            // a class of a loader of its own, as a driver's is
            var factory = (DriverFactory) Proxy.newProxyInstance(
                    loader, new Class<?>[] {DriverFactory.class}, (proxy, method, arguments) -> {
                        if (!method.getName().equals("create")) {
                            return InvocationHandler.invokeDefault(proxy, method, arguments);
                        }
                        seen.set(Thread.currentThread().getContextClassLoader());
                        return new TinyDriver("a");
                    });
            assertSame(loader, factory.getClass().getClassLoader());
            bench.announce(0, factory);

            assertEquals("a", bench.answer());
            assertSame(DriverSlot.class.getClassLoader(), seen.get());
        }
    }
}
