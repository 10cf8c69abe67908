package dev.bunary.orm.it.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceRegistration;

/** Several drivers side by side under load: the best serves, and the connection moves only when another becomes the best. */
@Timeout(60)
final class ChoiceUnderLoadTest extends UnderLoad {

    @Test
    void rankings_edited_moveTheConnectionOncePerChangedChoice() throws Exception {
        ServiceRegistration<?> first = framework.installRanked("9.1.0", 10);
        ServiceRegistration<?> second = framework.installRanked("9.2.0", 5);
        startLoad();
        awaitServing("9.1.0");
        second.setProperties(TestFramework.ranking(20));
        awaitServing("9.2.0");
        first.setProperties(TestFramework.ranking(15)); // still the second best
        second.setProperties(TestFramework.ranking(16)); // still the best
        second.setProperties(TestFramework.ranking(12));
        awaitServing("9.1.0");
        first.setProperties(TestFramework.ranking(-2000));
        awaitServing("9.2.0");
        second.setProperties(TestFramework.ranking(-3000)); // the shipped one has -1000
        awaitServing(framework.driver.getVersion().toString());
        assertRebounds(4);
        assertNothingLost();
    }

    @Test
    void bestDriver_uninstalled_failsOverToTheNextBest() throws Exception {
        framework.installRanked("9.2.0", 5);
        Bundle best = framework.installRanked("9.1.0", 10).getReference().getBundle();
        startLoad();
        awaitServing("9.1.0");
        best.uninstall();
        awaitServing("9.2.0");
        framework.driver.uninstall(); // is not the one that serves
        assertRebounds(1);
        assertNothingLost();
    }

    @Test
    void lowerDrivers_restarted_doNotTakeOver() throws Exception {
        framework.installAndStart(framework.driverAs("9.1.0"));
        Bundle newest = framework.installAndStart(framework.driverAs("9.2.0"));
        Bundle lower = framework.bundles().get(framework.bundles().indexOf(newest) - 1);
        startLoad();
        awaitServing("9.2.0");
        for (int i = 0; i < 5; i++) {
            for (Bundle restarted : new Bundle[] {framework.driver, lower}) {
                restarted.stop();
                restarted.start();
            }
        }
        assertRebounds(0);
        assertNothingLost();
    }

    @Test
    void preferredDriver_flapping_leavesTheConnectionWhereItBelongs() throws Exception {
        Bundle flapping = framework.install(framework.driverAs("9.1.0"));
        startLoad();
        for (int i = 0; i < 20; i++) {
            flapping.start();
            flapping.stop();
        }
        awaitServing(framework.driver.getVersion().toString());
        long generation = probe.status().generation();
        assertTrue(generation <= 41, () -> "more swaps than changes: " + generation);
        assertRebounds((int) generation - 1);
        assertNothingLost();
    }

    @Test
    void onlyDriver_flapping_isBoundOncePerStartAtMost() throws Exception {
        startLoad();
        for (int i = 0; i < 20; i++) {
            framework.driver.stop();
            framework.driver.start();
        }
        awaitServing(framework.driver.getVersion().toString());
        long generation = probe.status().generation();
        assertTrue(generation > 1 && generation <= 21, () -> "generation " + generation);
        assertRebounds((int) generation - 1);
        assertNothingLost();
        assertEquals("1", probe.ask("SELECT 1"));
    }
}
