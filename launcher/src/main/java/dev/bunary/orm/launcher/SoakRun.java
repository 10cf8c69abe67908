package dev.bunary.orm.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.osgi.framework.BundleException;

/** One soak in this process, from the boot to what is left when everything has ended. */
final class SoakRun {
    private static final Duration COLLECTION_LIMIT = Duration.ofSeconds(20);

    private final RuntimeKind kind;
    private final SwapMode mode;
    private final SoakPlan plan;
    private final Consumer<String> out;
    private final Map<String, Object> figures = new LinkedHashMap<>();
    private final List<Object> broken = new ArrayList<>();

    SoakRun(RuntimeKind kind, SwapMode mode, SoakPlan plan, Consumer<String> out) {
        this.kind = kind;
        this.mode = mode;
        this.plan = plan;
        this.out = out;
    }

    /** Runs it. Gives the figures; {@code broken} names each promise that did not hold. */
    Map<String, Object> run() throws IOException, BundleException, InterruptedException {
        var files = LeftFiles.ofThisProcess();
        figures.put("mode", mode.toString());
        figures.put("runtime", kind.toString());
        try (var closing = new Closing()) {
            soak(closing);
        }
        addFiles(files);
        figures.put("broken", broken);
        figures.put("clean", broken.isEmpty());
        return figures;
    }

    private void soak(Closing closing) throws IOException, BundleException, InterruptedException {
        Path folder = closing.add(TempFolder.create("bunary-soak")).path();
        SoakRuntime runtime = kind.boot(closing, folder);
        out.accept(runtime + ", mode " + mode);
        var loaders = new OldLoaders(runtime.driver()::loaders);
        var swaps = new SoakSwaps(mode, runtime.driver(), loaders, new SplittableRandom(plan.seed()));
        figures.putAll(runtime.soak(plan, swaps, out));
        broken.addAll((Collection<?>) figures.get("broken"));
        addPauses();
        addLoaders(loaders);
    }

    private void addPauses() {
        double ratio = (double) figures.getOrDefault("pauseRatio", 0.0);
        if (ratio > plan.maxPauseRatio()) {
            broken.add("the pauses are %.1f times what the same swaps take without load, more than %.1f"
                    .formatted(ratio, plan.maxPauseRatio()));
        }
    }

    private void addLoaders(OldLoaders loaders) throws InterruptedException {
        List<String> reachable = loaders.reachable(COLLECTION_LIMIT);
        figures.put("oldLoaders", loaders.count());
        figures.put("oldLoadersReachable", reachable.size());
        out.accept("old class loaders: %d of %d reachable".formatted(reachable.size(), loaders.count()));
        if (!reachable.isEmpty()) {
            broken.add("old class loaders are reachable: " + String.join(", ", reachable));
        }
    }

    private void addFiles(LeftFiles files) throws IOException {
        List<String> left = files.left().stream().map(Path::toString).toList();
        figures.put("filesLeft", left);
        out.accept("temporary files left: %d".formatted(left.size()));
        if (!left.isEmpty()) {
            broken.add("temporary files are left: " + String.join(", ", left));
        }
    }
}
