package dev.bunary.orm.it.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.BundleException;

/** Fifty updates in place under load. */
@Timeout(90)
final class ManyUpdatesTest extends UnderLoad {

    @Test
    void driverBundle_updatedFiftyTimes_losesNothing() throws Exception {
        List<Path> releases = List.of(framework.driverAs("9.1.0"), framework.driverAs("9.2.0"));
        startLoad();
        for (int i = 0; i < 50; i++) {
            Path release = releases.get(i % 2);
            load.swap(() -> update(release));
        }
        awaitServing("9.2.0");
        System.out.println("pauses of 50 updates: " + load.pauses());
        assertNothingLost();
        assertEquals(51, probe.status().generation());
    }

    private void update(Path release) {
        try {
            framework.update(framework.driver, release);
        } catch (BundleException | IOException failure) {
            throw new AssertionError(failure);
        }
    }
}
