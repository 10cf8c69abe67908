package dev.bunary.orm.it.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.it.felix.probe.Probe;
import dev.bunary.orm.it.framework.Await;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.AllServiceListener;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;

/**
 * Drivers used, and bundles stopped, inside callbacks of the framework and of the ORM: nothing waits for itself. Inside
 * activators it is in {@link SelfDeadlockTest}.
 */
@Timeout(60)
final class CallbackTest extends UnderLoad {
    private static final String DRIVER_SERVICES = "(objectClass=dev.bunary.orm.driver.DriverFactory)";
    private static final long ACQUIRE_MILLIS = 10_000;

    private final List<String> answers = new CopyOnWriteArrayList<>();

    /** Core may hear of a service before this listener or after it: the framework says in which order. */
    @Test
    void driver_usedWhenTheDriverServiceComesOrGoes_answersOrFailsAtOnce() throws Exception {
        whenServicesChange(DRIVER_SERVICES, event -> answers.add(ask(probe)));
        startLoad();
        long begin = System.nanoTime();
        framework.update(framework.driver, framework.driverAs("9.1.0"));
        framework.driver.stop();
        framework.driver.start();
        assertQuick(begin);
        assertEquals(4, answers.size(), answers::toString);
        for (String answer : answers) {
            assertTrue(answer.equals("1") || answer.contains("starting or stopping a bundle"), answers::toString);
        }
        assertNothingLost();
    }

    @Test
    void driver_usedInTheStopOfItsBundle_afterItLeft_failsAtOnce() throws Exception {
        // services are unregistered in the order of their registration: when this one goes, the driver is gone
        framework.driver.getBundleContext().registerService(Runnable.class, () -> {}, null);
        whenServicesChange(
                "(objectClass=java.lang.Runnable)",
                event -> answers.add(probe.status().state() + " " + ask(probe)));
        startLoad();
        long begin = System.nanoTime();
        framework.update(framework.driver, framework.driverAs("9.1.0"));
        assertQuick(begin);
        assertEquals(1, answers.size(), answers::toString);
        assertTrue(answers.get(0).startsWith("UNBOUND DriverUnavailableException"), answers::toString);
        assertTrue(answers.get(0).contains("starting or stopping a bundle"), answers::toString);
        assertNothingLost();
    }

    @Test
    void driver_usedWhenTheOrmServiceComes_answers() throws Exception {
        framework.driver.stop();
        framework.core.stop();
        framework.core.start();
        assertFalse(framework.hasProbe());
        // the consumer registers its probe inside the arrival of the Orm service, inside the start of the driver's
        // bundle
        whenServicesChange("(objectClass=" + Probe.class.getName() + ")", event -> {
            if (event.getType() == ServiceEvent.REGISTERED) {
                answers.add(ask(framework.service(Probe.class)));
            }
        });
        framework.driver.start();
        assertEquals(List.of("1"), answers);
    }

    @Test
    void driverBundle_stoppedInsideAListener_fallsBackInOrder() throws Exception {
        Bundle newer = framework.install(framework.driverAs("9.1.0"));
        var stopped = new AtomicBoolean();
        probe.listen("REBOUND", () -> {
            if (stopped.compareAndSet(false, true)) {
                stop(newer);
                answers.add(ask(probe));
            }
        });
        startLoad();
        newer.start();
        Await.until(() -> !answers.isEmpty(), () -> "events " + probe.events());
        assertEquals(List.of("1"), answers);
        awaitServing(framework.driver.getVersion().toString());
        assertRebounds(2);
        assertNothingLost();
    }

    @Test
    void driverBundle_restartedInsideAListener_duringItsOwnDrain_isServedAgain() throws Exception {
        Bundle newer = framework.installAndStart(framework.driverAs("9.1.0"));
        startLoad();
        awaitServing("9.1.0");
        var restarted = new AtomicBoolean();
        probe.listen("DRAINING", () -> {
            if (restarted.compareAndSet(false, true)) {
                stop(framework.driver);
                start(framework.driver);
                answers.add(ask(probe));
            }
        });
        newer.uninstall();
        Await.until(() -> !answers.isEmpty(), () -> "events " + probe.events());
        assertEquals(List.of("1"), answers);
        awaitServing(framework.driver.getVersion().toString());
        assertNothingLost();
    }

    /** Registers a listener that is called on the thread of the change, as service listeners are. */
    private void whenServicesChange(String filter, AllServiceListener reaction) throws InvalidSyntaxException {
        framework.context().addServiceListener(reaction, filter);
    }

    private void assertQuick(long begin) {
        long millis = (System.nanoTime() - begin) / 1_000_000;
        assertTrue(millis < ACQUIRE_MILLIS, () -> "the framework was held up for " + millis + " ms: " + answers);
    }

    private static String ask(Probe probe) {
        try {
            return probe.ask("SELECT 1");
        } catch (RuntimeException failure) {
            return failure.getClass().getSimpleName() + ": " + failure.getMessage();
        }
    }

    private static void stop(Bundle bundle) {
        try {
            bundle.stop();
        } catch (BundleException failure) {
            throw new AssertionError(failure);
        }
    }

    private static void start(Bundle bundle) {
        try {
            bundle.start();
        } catch (BundleException failure) {
            throw new AssertionError(failure);
        }
    }
}
