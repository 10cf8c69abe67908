package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.TransactionOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The library's bundle stops: the framework waits for one deadline, however many use the library. */
@Timeout(60)
final class ShutDownTest {
    private static final int ORMS = 8;
    private static final Duration DRAIN = Duration.ofMillis(500);

    @Test
    void shutDown_withWorkThatNeverEndsInManyOrms_takesOneDrain() throws Exception {
        var bench = new Bench(Duration.ofSeconds(20), DRAIN, Duration.ofSeconds(20));
        bench.announce(0, config -> new TinyDriver("announced"));
        var goOn = new CountDownLatch(1);
        List<CompletableFuture<?>> work = new ArrayList<>();
        for (int i = 0; i < ORMS; i++) {
            work.add(holdWorkOpen(bench.registry.connect(bench.connections.timeouts()), goOn));
        }

        Deadline clock = Deadline.in(DRAIN);
        bench.registry.shutDown();

        long millis = Duration.ofNanos(clock.elapsed()).toMillis();
        assertTrue(clock.hasPassed(), "the work was not waited for");
        assertTrue(
                millis < DRAIN.toMillis() * ORMS / 2, () -> ORMS + " Orms took " + millis + " ms, one after the other");
        goOn.countDown();
        work.forEach(CompletableFuture::join);
    }

    private static CompletableFuture<?> holdWorkOpen(Connections orm, CountDownLatch goOn) {
        orm.register("own", config -> new TinyDriver("of this Orm"));
        orm.configure(1, Map.of("default", DatabaseConfig.of("own", Map.of())), orm.timeouts());
        var begun = new CountDownLatch(1);
        CompletableFuture<?> work = Bench.async(() -> {
            try {
                return orm.slot("default").transaction(TransactionOptions.READ_WRITE, tx -> {
                    begun.countDown();
                    Bench.await(goOn);
                    return "done";
                });
            } catch (RuntimeException ended) { // as it should: its driver is closed
                return ended;
            }
        });
        Bench.await(begun);
        return work;
    }
}
