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
    /** How long garbage is collected until no old class loader is reachable. */
    static final Duration COLLECTION_LIMIT = Duration.ofSeconds(20);

    private final Booting booting;
    private final SwapMode mode;
    private final SoakPlan plan;
    private final Consumer<String> out;
    private final Duration collectionLimit;
    private final Map<String, Object> figures = new LinkedHashMap<>();
    private final List<Object> broken = new ArrayList<>();

    /** Boots what a soak runs on in a folder; it is closed with the rest. */
    @FunctionalInterface
    interface Booting {
        SoakRuntime boot(Closing closing, Path folder) throws IOException, BundleException;
    }

    SoakRun(Booting booting, SwapMode mode, SoakPlan plan, Consumer<String> out, Duration collectionLimit) {
        this.booting = booting;
        this.mode = mode;
        this.plan = plan;
        this.out = out;
        this.collectionLimit = collectionLimit;
    }

    /** Runs it. Gives the figures; {@code broken} names each promise that did not hold. */
    Map<String, Object> run() throws IOException, BundleException, InterruptedException {
        var files = LeftFiles.ofThisProcess();
        figures.put("mode", mode.toString());
        figures.put("threads", plan.threads());
        figures.put("seconds", plan.seconds());
        figures.put("seed", plan.seed());
        figures.put("swapsAsked", plan.swaps());
        figures.put("java", System.getProperty("java.vm.version"));
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
        SoakRuntime runtime = booting.boot(closing, folder);
        figures.put("software", runtime.toString());
        out.accept(runtime + ", mode " + mode);
        var loaders = new OldLoaders(runtime.driver()::loaders);
        var swaps = new SoakSwaps(mode, runtime.driver(), loaders, new SplittableRandom(plan.seed()));
        try {
            figures.putAll(runtime.soak(plan, swaps, out));
            if (closing.processEnds()) { // what failed because of that is no news
                throw new LauncherException("ended before it was done");
            }
            broken.addAll((Collection<?>) figures.get("broken"));
            addPauses();
        } catch (LauncherException ended) {
            throw ended;
        } catch (RuntimeException failure) { // what the process still holds is told all the same
            broken.add("the run ended early: " + failure);
        }
        addLoaders(loaders, runtime.driver().replacesLoaders(mode));
    }

    private void addPauses() {
        double ratio = (double) figures.getOrDefault("pauseRatio", 0.0);
        if (ratio > plan.maxPauseRatio()) {
            broken.add("the pauses are %.1f times what the same swaps take without load, more than %.1f"
                    .formatted(ratio, plan.maxPauseRatio()));
        }
    }

    private void addLoaders(OldLoaders loaders, boolean replaced) throws InterruptedException {
        List<String> reachable = loaders.reachable(collectionLimit);
        figures.put("oldLoaders", loaders.count());
        figures.put("oldLoadersReachable", reachable.size());
        out.accept("old class loaders: %d of %d reachable".formatted(reachable.size(), loaders.count()));
        if (replaced && loaders.count() == 0) {
            broken.add("no class loader was replaced, so nothing is proved of their collection");
        }
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
