package dev.bunary.orm.it.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.it.felix.probe.Probe;
import dev.bunary.orm.it.framework.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/** The bundles resolve, start in any order and serve. */
@Timeout(60)
final class StartTest {
    @TempDir
    private Path folder;

    static Stream<List<String>> orders() {
        return Stream.of(
                List.of("core", "driver", "consumer"),
                List.of("core", "consumer", "driver"),
                List.of("driver", "core", "consumer"),
                List.of("driver", "consumer", "core"),
                List.of("consumer", "core", "driver"),
                List.of("consumer", "driver", "core"));
    }

    @Test
    void bundles_inABareFramework_allResolveAndStart() throws Exception {
        try (var framework = TestFramework.start(folder)) {
            framework.installAll();
            framework.startAll();
            assertEquals(
                    List.of(
                            "org.xerial.sqlite-jdbc",
                            "dev.bunary.orm.driver",
                            "dev.bunary.orm.jdbc",
                            "dev.bunary.orm",
                            "dev.bunary.orm.driver.sqlite",
                            "dev.bunary.orm.soak",
                            "dev.bunary.orm.it.felix.consumer"),
                    framework.bundles().stream().map(Bundle::getSymbolicName).toList());
            for (Bundle bundle : framework.bundles()) {
                assertEquals(Bundle.ACTIVE, bundle.getState(), () -> bundle + " is not active");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("orders")
    void bundles_startedInAnyOrder_reachTheSameState(List<String> order) throws Exception {
        try (var framework = TestFramework.start(folder)) {
            framework.installAll();
            for (String name : order) {
                switch (name) {
                    case "core" -> framework.core.start();
                    case "driver" -> framework.driver.start();
                    case "consumer" -> framework.consumer.start();
                    default -> throw new AssertionError(name);
                }
            }
            Probe probe = framework.probe();
            assertEquals("text", probe.ask("SELECT typeof(sqlite_version())"));
            var status = probe.status();
            assertEquals("BOUND", status.state());
            assertEquals(1, status.generation());
            assertEquals("dev.bunary.orm.driver.sqlite", status.factory());
            assertEquals(framework.driver.getVersion().toString(), status.version());
            assertEquals(0, status.parked());
        }
    }

    @Test
    void core_whoseConfigurationWasWrong_startsAnewWithNothingLeftOver() throws Exception {
        try (var framework = TestFramework.start(folder, "nonsense=1")) {
            framework.installAll();
            framework.driver.start();
            framework.consumer.start();
            assertThrows(BundleException.class, framework.core::start);
            Path configuration = folder.resolve("orm.properties");
            Files.writeString(configuration, Files.readString(configuration).replace("nonsense=1", ""));
            framework.core.start();
            Probe probe = framework.probe();
            assertEquals("1", probe.ask("SELECT 1"));
            framework.driver.stop();
            Caller<String> caller = Caller.start("parked", () -> probe.ask("SELECT 1"));
            Await.until(() -> probe.status().parked() == 1, () -> "status " + probe.status());
            framework.driver.start();
            assertEquals("1", caller.result());
        }
    }

    @Test
    void core_besideABrokenFactory_startsAndServes() throws Exception {
        try (var framework = TestFramework.start(folder)) {
            framework.installAll();
            framework.installAndStart(Jars.broken(folder));
            framework.startAll();
            assertEquals("1", framework.probe().ask("SELECT 1"));
        }
    }

    @Test
    void call_insideABundleStart_neverWaits_evenAfterANestedStart() throws Exception {
        try (var framework = TestFramework.start(folder)) {
            framework.installAll();
            framework.core.start();
            Bundle nested = framework.install(Jars.nested(folder));
            var failure = assertThrows(BundleException.class, nested::start);
            assertTrue(
                    failure.getCause().getMessage().contains("is starting or stopping a bundle"),
                    failure.getCause()::toString);
        }
    }

    @Test
    void ormService_withoutADriver_comesWithTheDriver() throws Exception {
        try (var framework = TestFramework.start(folder)) {
            framework.installAll();
            framework.core.start();
            framework.consumer.start();
            assertTrue(!framework.hasProbe(), "an Orm service is there though nothing can serve it");
            framework.driver.start();
            assertEquals("text", framework.probe().ask("SELECT typeof(sqlite_version())"));
        }
    }
}
