package dev.bunary.orm.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The swaps of a soak, one after the other: which, in what order, and what undoes the last. */
final class SoakSwaps {
    /** Made twice, they give four times for each kind, so that neither the first, when all is new, nor another is the median. */
    private static final int IDLE_ROUNDS = 2;

    private final SwapMode mode;
    private final DriverSwaps driver;
    private final OldLoaders loaders;
    private final RandomGenerator random;
    private final Deque<Map.Entry<String, Runnable>> episode = new ArrayDeque<>();

    SoakSwaps(SwapMode mode, DriverSwaps driver, OldLoaders loaders, RandomGenerator random) {
        this.mode = mode;
        this.driver = driver;
        this.loaders = loaders;
        this.random = random;
    }

    /** Each kind of swap that the mode has, a few times. */
    Iterator<Map.Entry<String, Runnable>> idle() {
        var kinds = new ArrayDeque<SwapMode>();
        for (int round = 0; round < IDLE_ROUNDS; round++) {
            kinds.addAll(mode.kinds());
        }
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return !(episode.isEmpty() && kinds.isEmpty());
            }

            @Override
            public Map.Entry<String, Runnable> next() {
                return take(kinds::remove);
            }
        };
    }

    /** The next swap: the rest of an episode, or what the mode or the seed says. */
    Map.Entry<String, Runnable> next() {
        return take(() -> mode == SwapMode.MIXED ? SwapMode.pick(random) : mode);
    }

    /** Ends an episode that is under way, so that one driver is left. */
    void finish() {
        while (!episode.isEmpty()) {
            loaders.note();
            episode.remove().getValue().run();
        }
    }

    private Map.Entry<String, Runnable> take(Supplier<SwapMode> kind) {
        loaders.note();
        if (episode.isEmpty()) {
            episode.addAll(prepare(kind.get()));
        }
        return episode.remove();
    }

    private List<Map.Entry<String, Runnable>> prepare(SwapMode kind) {
        try {
            return driver.prepare(kind);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
