package dev.bunary.orm.it.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bunary.orm.it.framework.Await;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;

/** A driver bundle that does not work comes beside the one that serves, is preferred to it, and goes again. */
@Timeout(60)
final class BadDriverTest extends UnderLoad {

    @Override
    String[] moreConfiguration() {
        return new String[] {"openTimeout=3s"}; // a machine that is busy may take 1 s for the good one
    }

    @ParameterizedTest
    @ValueSource(strings = {"throws", "lacks a class", "hangs", "null", "cannot query"})
    void badDriver_ofHigherRanking_isQuarantinedAndFailsNobody(String way) throws Exception {
        String good = framework.driver.getVersion().toString();
        startLoad();
        Bundle bad = framework.installAndStart(Jars.bad(folder, way));
        Await.until(() -> probe.events().contains("QUARANTINED"), () -> "events " + probe.events());
        assertGoodServes(good);
        bad.uninstall();
        assertGoodServes(good);
        assertEquals(1, probe.candidates().size(), () -> "candidates " + probe.candidates());
        assertNothingLost();
    }

    private void assertGoodServes(String good) throws InterruptedException {
        load.awaitWrites(BETWEEN_SWAPS);
        awaitServing(good);
    }
}
