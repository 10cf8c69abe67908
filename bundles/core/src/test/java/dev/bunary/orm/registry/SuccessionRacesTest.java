package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DatabaseDriver;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Openings that end, hang or are overtaken at a bad moment: the right factory serves in the end, and nobody is told too early. */
@Timeout(60)
class SuccessionRacesTest {
    @Test
    void overlap_theBestFailed_andTheNextBestTookOver_theBestIsTriedAgainAllTheSame() throws Exception {
        try (Bench bench = Bench.patient()) {
            var serverIsUp = new AtomicBoolean();
            bench.announce(0, Bench.overlapping(config -> new TinyDriver("old")));
            DatabaseDriver handle = bench.slot().driver();
            var opening = new CountDownLatch(1);
            var fail = new CountDownLatch(1);
            bench.announce(2, Bench.overlapping(config -> {
                opening.countDown();
                Bench.await(fail);
                if (!serverIsUp.get()) {
                    throw new IllegalStateException("the server is not up yet");
                }
                return new TinyDriver("best");
            }));
            Bench.await(opening);
            bench.announce(1, Bench.overlapping(config -> new TinyDriver("next best")));
            fail.countDown();
            Bench.await(() -> Bench.answer(handle).equals("next best"));

            serverIsUp.set(true);

            Bench.await(() -> Bench.answer(handle).equals("best"));
        }
    }
}
