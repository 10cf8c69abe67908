package dev.bunary.orm.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a soak says of runtimes that leak, or that do not come to an end. */
@Timeout(60)
final class SoakRunTest {
    private static final Duration LIMIT = Duration.ofMillis(500);
    private static final SoakPlan PLAN = new SoakPlan(1, 1, 1, 7, Double.POSITIVE_INFINITY);

    /** Swaps its loader once. */
    private static class Runtime implements SoakRuntime, DriverSwaps {
        private ClassLoader loader = new ClassLoader() {};

        @Override
        public DriverSwaps driver() {
            return this;
        }

        @Override
        public Map<String, ?> soak(SoakPlan plan, SoakSwaps swaps, Consumer<String> out) {
            swaps.next().getValue().run();
            return Map.of("broken", List.of());
        }

        @Override
        public List<Map.Entry<String, Runnable>> prepare(SwapMode mode) {
            return List.of(DriverSwaps.swap("swap", this::swap));
        }

        void swap() throws IOException {
            loader = new ClassLoader() {};
        }

        @Override
        public Map<ClassLoader, String> loaders() {
            return Map.of(loader, "a driver");
        }

        @Override
        public boolean replacesLoaders(SwapMode mode) {
            return true;
        }
    }

    @Test
    void run_nothingIsLeft_isClean() throws Exception {
        assertEquals(List.of(), broken(new Runtime()));
    }

    @Test
    void run_anOldLoaderIsHeld_isBroken() throws Exception {
        var held = new ArrayList<ClassLoader>();
        var leaking = new Runtime() {
            @Override
            void swap() throws IOException {
                held.addAll(loaders().keySet());
                super.swap();
            }
        };
        assertEquals(List.of("old class loaders are reachable: a driver"), broken(leaking));
        Reference.reachabilityFence(held);
    }

    @Test
    void run_noLoaderIsReplaced_provesNothingAndIsBroken() throws Exception {
        var same = new Runtime() {
            @Override
            void swap() {}
        };
        assertEquals(List.of("no class loader was replaced, so nothing is proved of their collection"), broken(same));
    }

    @Test
    void run_aFileIsLeft_isBroken() throws Exception {
        var files = new ArrayList<Path>();
        var littering = new Runtime() {
            @Override
            void swap() throws IOException {
                files.add(Files.createTempFile("sqlite-", ".left"));
                super.swap();
            }
        };
        try {
            Collection<?> broken = broken(littering);
            assertEquals(List.of("temporary files are left: " + files.get(0)), List.copyOf(broken));
        } finally {
            Files.delete(files.get(0));
        }
    }

    @Test
    void run_theSoakFails_tellsWhatIsLeftAllTheSame() throws Exception {
        var failing = new Runtime() {
            @Override
            void swap() {
                throw new IllegalStateException("no driver");
            }
        };
        Collection<?> broken = broken(failing);
        assertTrue(
                broken.contains("the run ended early: java.lang.IllegalStateException: no driver"), broken::toString);
    }

    @Test
    void run_pausesLongerThanAllowed_isBroken() throws Exception {
        var slow = new Runtime() {
            @Override
            public Map<String, ?> soak(SoakPlan plan, SoakSwaps swaps, Consumer<String> out) {
                var figures = new HashMap<String, Object>(super.soak(plan, swaps, out));
                figures.put("pauseRatio", 3.0);
                return figures;
            }
        };
        var limited = new SoakPlan(1, 1, 1, 7, 2.5);
        assertEquals(
                List.of("the pauses are 3.0 times what the same swaps take without load, more than 2.5"),
                broken(slow, limited));
    }

    private static Collection<?> broken(Runtime runtime) throws Exception {
        return broken(runtime, PLAN);
    }

    private static Collection<?> broken(Runtime runtime, SoakPlan plan) throws Exception {
        Map<String, Object> figures =
                new SoakRun((closing, folder) -> runtime, SwapMode.UPDATE, plan, line -> {}, LIMIT).run();
        Collection<?> broken = (Collection<?>) figures.get("broken");
        assertEquals(broken.isEmpty(), figures.get("clean"));
        return broken;
    }
}
