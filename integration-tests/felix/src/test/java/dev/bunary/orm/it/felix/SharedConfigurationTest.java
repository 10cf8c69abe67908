package dev.bunary.orm.it.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.it.felix.probe.Guest;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** Several bundles set the one configuration of {@code Bunary}. */
@Timeout(60)
final class SharedConfigurationTest {
    private static final String FIRST = "bundle dev.bunary.orm.it.felix.first [";
    private static final String SECOND = "bundle dev.bunary.orm.it.felix.second [";

    @TempDir
    private Path folder;

    @Test
    void configuration_ofALiveBundle_isKeptFromOthers_untilItHasStopped() throws Exception {
        try (var framework = TestFramework.startUnconfigured(folder)) {
            framework.installAll();
            framework.startAll();
            Bundle firstBundle = framework.installAndStart(Jars.guest(folder, "first"));
            Guest first = framework.guest(firstBundle);
            Guest second = framework.guest(framework.installAndStart(Jars.guest(folder, "second")));
            String a = file("a");
            String b = file("b");

            first.configure(file("before"));
            first.configure(a); // its own it may change
            framework.probe().exec("CREATE TABLE of_a (id INTEGER)");
            second.configure(a); // an equal one is no quarrel
            assertRefused(() -> second.configure(b), SECOND, FIRST);
            assertRefused(second::clearConfiguration, SECOND, FIRST);
            assertEquals("0", framework.probe().ask("SELECT count(*) FROM of_a"));

            firstBundle.stop();
            second.configure(b);
            framework.probe().exec("CREATE TABLE of_b (id INTEGER)");
            firstBundle.start();
            Guest again = framework.guest(firstBundle);
            assertRefused(() -> again.configure(a), FIRST, SECOND);
            second.clearConfiguration();
            again.configure(a);
            assertEquals("0", framework.probe().ask("SELECT count(*) FROM of_a"));
        }
    }

    @Test
    void configuration_ofAnUninstalledBundle_isFree() throws Exception {
        try (var framework = TestFramework.startUnconfigured(folder)) {
            framework.installAll();
            framework.startAll();
            Bundle first = framework.installAndStart(Jars.guest(folder, "first"));
            framework.guest(first).configure(file("a"));
            first.uninstall();
            Guest second = framework.guest(framework.installAndStart(Jars.guest(folder, "second")));
            second.configure(file("b"));
            assertEquals("1", framework.probe().ask("SELECT 1"));
        }
    }

    @Test
    void configuration_ofTheFrameworkProperty_isKeptFromBundles() throws Exception {
        try (var framework = TestFramework.start(folder)) {
            framework.installAll();
            framework.startAll();
            Guest first = framework.guest(framework.installAndStart(Jars.guest(folder, "first")));
            assertRefused(() -> first.configure(file("a")), FIRST, "the framework property bunary.orm.config");
            framework.core.stop();
            framework.core.start();
            assertRefused(() -> first.configure(file("a")), FIRST, "the framework property bunary.orm.config");
            assertEquals("1", framework.probe().ask("SELECT 1"));
        }
    }

    private String file(String name) {
        return folder.resolve(name + ".sqlite").toString();
    }

    private static void assertRefused(Executable change, String... named) {
        var failure = assertThrows(RuntimeException.class, change);
        assertEquals("ConfigurationException", failure.getClass().getSimpleName(), failure::toString);
        for (String name : named) {
            assertTrue(failure.getMessage().contains(name), failure::getMessage);
        }
    }
}
