package dev.bunary.orm.it.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.it.felix.probe.Probe;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.framework.Bundle;

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
