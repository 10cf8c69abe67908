package dev.bunary.orm.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class IdleCostsTest {
    private final IdleCosts costs = new IdleCosts();

    @Test
    void median_nothingMeasured_isEmpty() {
        assertEquals(Optional.empty(), costs.median(swaps("update")));
    }

    @Test
    void median_oneSwapWasDisturbed_isNotThatOne() {
        add("update", 10, 900, 12);

        assertEquals(Optional.of(Duration.ofMillis(12)), costs.median(swaps("update", "update")));
    }

    @Test
    void median_ofAMix_countsEachSwapAsOftenAsItWasMade() {
        add("config", 2);
        add("update", 10);
        add("library", 100);

        assertEquals(Optional.of(Duration.ofMillis(10)), costs.median(swaps("config", "update", "library")));
        assertEquals(Optional.of(Duration.ofMillis(2)), costs.median(swaps("config", "config", "library")));
        assertEquals(Optional.of(Duration.ofMillis(100)), costs.median(swaps("library", "other")));
    }

    private void add(String name, long... millis) {
        for (long each : millis) {
            costs.add(name, Duration.ofMillis(each));
        }
    }

    private static List<SwapReport> swaps(String... names) {
        return Stream.of(names).map(IdleCostsTest::swap).toList();
    }

    private static SwapReport swap(String name) {
        return new SwapReport(name, 2, "a", "b", "3", "3", 0, 0, Duration.ZERO, Duration.ofSeconds(9), Pauses.of(1));
    }
}
