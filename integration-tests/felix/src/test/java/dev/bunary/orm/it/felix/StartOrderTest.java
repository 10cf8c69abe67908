package dev.bunary.orm.it.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bunary.orm.it.felix.probe.Probe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** Core, driver, consumer and a bundle that brings the configuration, started in each order, end in the same state. */
@Timeout(90)
final class StartOrderTest {
    @TempDir
    private Path folder;

    @Test
    void bundles_startedInEachOrder_reachTheSameState() throws Exception {
        try (var framework = TestFramework.startUnconfigured(folder)) {
            framework.installAll();
            Bundle configuration = framework.install(Jars.configuration(folder));
            var bundles = List.of(framework.core, framework.driver, framework.consumer, configuration);
            for (List<Bundle> order : orders(bundles)) {
                for (Bundle bundle : order) {
                    bundle.start();
                }
                assertServes(framework.probe(), "order " + order);
                for (Bundle bundle : order) {
                    bundle.stop();
                }
                framework.refresh(bundles); // so that the next order begins with fresh classes
            }
        }
    }

    private static void assertServes(Probe probe, String order) {
        assertEquals("text", probe.ask("SELECT typeof(sqlite_version())"), order);
        var status = probe.status();
        assertEquals("BOUND", status.state(), order);
        assertEquals(1, status.generation(), order);
        assertEquals("dev.bunary.orm.driver.sqlite", status.factory(), order);
        assertEquals(1, probe.candidates().size(), order);
        assertEquals(0, status.parked(), order);
    }

    private static <T> List<List<T>> orders(List<T> of) {
        if (of.isEmpty()) {
            return List.of(List.of());
        }
        var orders = new ArrayList<List<T>>();
        for (T first : of) {
            List<T> others = of.stream().filter(each -> each != first).toList();
            for (List<T> rest : orders(others)) {
                var order = new ArrayList<T>(List.of(first));
                order.addAll(rest);
                orders.add(order);
            }
        }
        return orders;
    }
}
