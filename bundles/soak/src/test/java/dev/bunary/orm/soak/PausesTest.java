package dev.bunary.orm.soak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class PausesTest {
    @Test
    void of_aHundredPauses_takesTheNearestRanks() {
        Pauses pauses =
                Pauses.of(LongStream.rangeClosed(1, 100).map(n -> n * 1_000_000).toArray());

        assertEquals(Duration.ofMillis(50), pauses.p50());
        assertEquals(Duration.ofMillis(99), pauses.p99());
        assertEquals(Duration.ofMillis(100), pauses.max());
    }

    @Test
    void of_threadsThatEndedNothing_leavesThemOut() {
        Pauses pauses = Pauses.of(0, 5_000_000, 0);

        assertEquals(1, pauses.count());
        assertEquals(Duration.ofMillis(5), pauses.p50());
    }

    @Test
    void window_operationsBeforeIt_areNotCounted() throws InterruptedException {
        long longAgo = System.nanoTime();
        var window = new PauseWindow(1);
        window.operation(0, longAgo - 5_000_000_000L, longAgo);
        window.workerEnded(0);

        assertArrayEquals(new long[] {0}, window.close(Duration.ofSeconds(1)));
    }

    @Test
    void window_severalOperations_keepsTheLongestPerWorker() throws InterruptedException {
        var window = new PauseWindow(2);
        long now = System.nanoTime();
        window.operation(0, now, now + 10);
        window.operation(0, now, now + 30);
        window.operation(0, now, now + 20);
        window.operation(1, now, now + 7);
        window.workerEnded(0);
        window.workerEnded(1);

        assertArrayEquals(new long[] {30, 7}, window.close(Duration.ofSeconds(1)));
    }

    @Test
    void close_anOperationStillRuns_waitsForItAndCountsIt() throws Exception {
        var window = new PauseWindow(1);
        long start = System.nanoTime();
        var closing = CompletableFuture.supplyAsync(() -> {
            try {
                return window.close(Duration.ofSeconds(10));
            } catch (InterruptedException stop) {
                throw new IllegalStateException(stop);
            }
        });
        // operations that overlap the window are reported until the window has noticed one after its end
        while (!closing.isDone()) {
            window.operation(0, start, System.nanoTime());
        }

        assertTrue(closing.get(10, TimeUnit.SECONDS)[0] > 0);
    }

    @Test
    void close_aWorkerThatNeverEnds_isAnErrorAfterTheLimit() {
        var window = new PauseWindow(1);

        assertThrows(IllegalStateException.class, () -> window.close(Duration.ofMillis(50)));
    }
}
