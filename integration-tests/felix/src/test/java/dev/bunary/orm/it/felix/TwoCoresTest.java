package dev.bunary.orm.it.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.it.felix.probe.Probe;
import dev.bunary.orm.it.framework.Await;
import dev.bunary.orm.it.framework.BundleJar;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/** Two cores, each with a driver API of its own: a driver belongs to the one whose API it implements, and to no other. */
@Timeout(60)
final class TwoCoresTest {
    private static final String ENGINE = "SELECT typeof(sqlite_version())";
    private static final List<String> FIRST = List.of("dev.bunary.orm.driver.sqlite 0.1.0.SNAPSHOT");
    private static final List<String> SECOND = List.of("dev.bunary.orm.driver.sqlite.second 9.0.0");

    @TempDir
    private Path folder;

    private TestFramework framework;
    private Bundle secondCore;
    private Bundle secondConsumer;

    private void start(String... configuration) throws Exception {
        framework = TestFramework.start(folder, configuration);
        framework.installAll();
        framework.install(second(Jars.DRIVER_API));
        secondCore = framework.install(second(Jars.CORE));
        framework.install(second(Jars.SOAK));
        secondConsumer = framework.install(second(Jars.consumer(folder)));
        framework.startAll();
    }

    @AfterEach
    void stop() throws Exception {
        framework.close();
    }

    @Test
    void driver_ofOneApi_servesThatCoreAndTheOtherSaysItHasNone() throws Exception {
        start("acquireTimeout=2s");
        Probe first = probe(framework.consumer);
        assertEquals("text", first.ask(ENGINE));
        assertEquals(FIRST, first.candidates());
        assertFalse(hasProbe(secondConsumer), "the second core offers an Orm service for a driver of the first's API");
        Throwable refused = assertThrows(InvocationTargetException.class, () -> callDriver(secondCore))
                .getCause();
        assertEquals(
                "dev.bunary.orm.driver.DriverUnavailableException",
                refused.getClass().getName());
        assertTrue(
                refused.getMessage().contains("connection 'default' has no working sqlite driver"), refused::toString);
        assertTrue(refused.getMessage().contains("known types: none"), refused::toString);
    }

    @Test
    void driverOfEachApi_comesAndGoes_concernsItsOwnCoreOnly() throws Exception {
        start();
        Probe first = probe(framework.consumer);
        Probe.RunningLoad load = first.startLoad(2, 1);
        load.awaitWrites(50);
        framework.install(second(Jars.JDBC));
        Bundle secondDriver = framework.installAndStart(second(Jars.SQLITE_DRIVER));
        Probe second = probe(secondConsumer);
        assertEquals("text", second.ask(ENGINE));
        assertEquals(SECOND, second.candidates());
        for (int i = 0; i < 3; i++) {
            secondDriver.stop();
            secondDriver.start();
            assertEquals("text", second.ask(ENGINE));
        }
        load.awaitWrites(50);
        Probe.Outcome outcome = load.stop();
        assertEquals(0, outcome.failed(), () -> String.join("\n", outcome.failures()));
        assertEquals("agrees", outcome.ledger());
        assertEquals(FIRST, first.candidates());
        assertEquals(1, first.status().generation());
        assertEquals(4, second.status().generation());
        framework.driver.stop();
        assertEquals("UNBOUND", first.status().state());
        assertEquals("text", second.ask(ENGINE));
        assertEquals(4, second.status().generation());
    }

    /** The same bundle under another name and version, whose packages only bundles made here can import. */
    private Path second(Path jar) throws IOException {
        return BundleJar.restamped(jar, folder.resolve("second-" + jar.getFileName()), headers -> {
            headers.putValue(
                    Constants.BUNDLE_SYMBOLICNAME, headers.getValue(Constants.BUNDLE_SYMBOLICNAME) + ".second");
            headers.putValue(Constants.BUNDLE_VERSION, "9.0.0");
            mark(headers, Constants.EXPORT_PACKAGE, ";copy=second;mandatory:=copy");
            mark(headers, Constants.IMPORT_PACKAGE, ";copy=second");
        });
    }

    /** Adds parameters to each of our packages; what the tests share stays shared. */
    private static void mark(Attributes headers, String header, String parameters) {
        String packages = headers.getValue(header);
        if (packages != null) {
            String marked = Arrays.stream(packages.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)"))
                    .map(each -> each.matches("dev\\.bunary\\.orm(?!\\.it\\.).*") ? each + parameters : each)
                    .collect(Collectors.joining(","));
            headers.putValue(header, marked);
        }
    }

    private static void callDriver(Bundle core) throws ReflectiveOperationException {
        Object driver =
                core.loadClass("dev.bunary.orm.Bunary").getMethod("getDriver").invoke(null);
        throw new AssertionError("it gave " + driver);
    }

    private Probe probe(Bundle consumer) {
        Await.until(() -> hasProbe(consumer), () -> "no probe of " + consumer + "; " + framework.bundles());
        @SuppressWarnings("unchecked")
        var reference = (ServiceReference<Probe>) consumer.getRegisteredServices()[0];
        return framework.context().getService(reference);
    }

    private static boolean hasProbe(Bundle consumer) {
        return consumer.getRegisteredServices() != null;
    }
}
