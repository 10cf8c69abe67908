package dev.bunary.orm.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class SwapModeTest {

    @Test
    void pick_theSameSeed_givesTheSameSwaps() {
        assertEquals(picked(3, 50), picked(3, 50));
    }

    @Test
    void pick_oftenEnough_givesEveryModeButTheMix() {
        assertEquals(EnumSet.complementOf(EnumSet.of(SwapMode.MIXED)), EnumSet.copyOf(picked(1, 1_000)));
    }

    private static List<SwapMode> picked(long seed, int count) {
        var random = new SplittableRandom(seed);
        return Stream.generate(() -> SwapMode.pick(random)).limit(count).toList();
    }
}
