package dev.bunary.orm.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The sequence of swaps, on a driver that only notes what was prepared and made. */
final class SoakSwapsTest {
    private final List<String> prepared = new ArrayList<>();
    private final List<String> made = new ArrayList<>();

    @Test
    void next_duringAnEpisode_givesItsRest() {
        SoakSwaps swaps = swaps(SwapMode.RANK);

        List<String> names = List.of(make(swaps), make(swaps), make(swaps));

        assertEquals(List.of("rank-begin", "rank-end", "rank-begin"), names);
        assertEquals(List.of("rank", "rank"), prepared);
    }

    @Test
    void finish_duringAnEpisode_endsIt() {
        SoakSwaps swaps = swaps(SwapMode.RANK);
        make(swaps);

        swaps.finish();
        swaps.finish();

        assertEquals(List.of("rank-begin", "rank-end"), made);
    }

    @Test
    void next_ofAMix_isWhatTheSeedSays() {
        SoakSwaps swaps = swaps(SwapMode.MIXED);
        SoakSwaps same = swaps(SwapMode.MIXED);
        for (int i = 0; i < 50; i++) {
            assertEquals(make(swaps), make(same));
        }
        assertFalse(prepared.contains("mixed"));
    }

    @Test
    void idle_ofAMix_hasEveryKindAndPreparesNoneTooEarly() {
        var idle = swaps(SwapMode.MIXED).idle();
        var names = new HashSet<String>();
        while (idle.hasNext()) {
            Map.Entry<String, Runnable> swap = idle.next();
            names.add(swap.getKey());
            swap.getValue().run();
            // an episode counts as its last swap
            assertTrue(prepared.size() <= made.size(), () -> prepared + " but only made " + made);
        }

        for (SwapMode kind : SwapMode.MIXED.kinds()) {
            assertTrue(names.contains(kind == SwapMode.RANK ? "rank-end" : kind.toString()), names::toString);
        }
    }

    private SoakSwaps swaps(SwapMode mode) {
        var loaders = new OldLoaders(Map::of);
        return new SoakSwaps(mode, new NotedSwaps(), loaders, new SplittableRandom(7));
    }

    private static String make(SoakSwaps swaps) {
        Map.Entry<String, Runnable> swap = swaps.next();
        swap.getValue().run();
        return swap.getKey();
    }

    private final class NotedSwaps implements DriverSwaps {
        @Override
        public boolean replacesLoaders(SwapMode mode) {
            return true;
        }

        @Override
        public List<Map.Entry<String, Runnable>> prepare(SwapMode mode) {
            prepared.add(mode.toString());
            return mode == SwapMode.RANK
                    ? List.of(swap("rank-begin"), swap("rank-end"))
                    : List.of(swap(mode.toString()));
        }

        @Override
        public Map<ClassLoader, String> loaders() {
            return Map.of();
        }

        private Map.Entry<String, Runnable> swap(String name) {
            return DriverSwaps.swap(name, () -> made.add(name));
        }
    }
}
