package dev.bunary.orm.layer;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.swap.Registration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A watched drop-in folder. One daemon thread looks at regular intervals, and acts when two looks in a row see the same
 * jars and these are not those it acted on last.
 */
final class DropFolder implements Registration {
    private static final System.Logger LOG = System.getLogger("dev.bunary.orm");
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(10);

    /** The thread may be draining a driver; whoever closes the watch does not wait longer than this for it. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    private final Path folder;
    private final Duration interval;
    private final DriverLayers layers;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean closedFromInside;

    // ---- used by the thread alone, before it starts by its maker, after its end by whoever closes
    private final Map<String, DroppedDriver> drivers = new TreeMap<>();
    private Set<String> told = Set.of();
    private @Nullable Map<Path, DropJar.Stamp> seen;
    private @Nullable Map<Path, DropJar.Stamp> applied;

    private DropFolder(Path folder, Duration interval, DriverLayers layers) {
        this.folder = folder;
        this.interval = interval;
        this.layers = layers;
        this.thread = new Thread(null, this::run, "bunary-drivers-" + folder.getFileName(), 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null); // the maker's would be kept as long as the folder is watched
    }

    /** Installs what is there, and watches from then on. */
    static DropFolder watch(Path folder, Duration interval, DriverLayers layers) {
        if (!Files.isDirectory(folder)) {
            throw new ConfigurationException("driver folder '" + folder + "' is no folder; create it first");
        }
        if (interval.compareTo(SHORTEST_INTERVAL) < 0) {
            throw new ConfigurationException("driver folder '" + folder + "' cannot be watched every "
                    + interval.toMillis() + " ms; give " + SHORTEST_INTERVAL.toMillis() + " ms or more");
        }
        var watched = new DropFolder(folder, interval, layers);
        watched.look();
        watched.look(); // what has settled between the two is installed before the caller goes on
        watched.thread.start();
        return watched;
    }

    private void run() {
        try {
            while (!stop.await(interval.toNanos(), TimeUnit.NANOSECONDS)) {
                look();
            }
        } catch (InterruptedException unexpected) {
            LOG.log(System.Logger.Level.WARNING, "driver folder '" + folder + "' is not watched any more", unexpected);
        }
        if (closedFromInside) {
            uninstallAll();
        }
    }

    // ---- one look

    private void look() {
        Set<String> problems;
        try {
            problems = applyIfSettled(stamps());
        } catch (IOException | RuntimeException failure) {
            // nothing of it may end the watch; the drivers that run stay
            problems = Set.of("it cannot be read: " + failure);
        }
        for (String problem : problems) {
            if (!told.contains(problem)) {
                LOG.log(System.Logger.Level.WARNING, "driver folder '" + folder + "': " + problem);
            }
        }
        told = problems;
    }

    private Map<Path, DropJar.Stamp> stamps() throws IOException {
        var stamps = new TreeMap<Path, DropJar.Stamp>();
        for (Path jar : DriverJars.in(folder)) {
            try {
                stamps.put(jar, DropJar.Stamp.of(jar));
            } catch (NoSuchFileException deletedMeanwhile) {
                continue;
            }
        }
        return stamps;
    }

    private Set<String> applyIfSettled(Map<Path, DropJar.Stamp> now) {
        boolean settled = now.equals(seen);
        seen = now;
        if (!settled || now.equals(applied)) {
            return told;
        }
        applied = now;
        var content = DropFolderContent.of(now, DriverLayers.parent().configuration());
        var problems = new ArrayList<>(content.problems());
        content.lacking().forEach((name, problem) -> {
            if (!isHeld(name, content)) { // what is broken is told already
                problems.add(problem);
            }
        });
        content.drivers().forEach((name, jars) -> bring(name, jars, content, problems));
        for (String name : List.copyOf(drivers.keySet())) {
            removeIfGone(name, content, problems);
        }
        return Set.copyOf(problems);
    }

    private void bring(String name, List<DropJar> jars, DropFolderContent content, List<String> problems) {
        DroppedDriver there = drivers.get(name);
        if (isHeld(name, content) || there != null && there.isLoadedFrom(jars)) {
            return;
        }
        attempt(problems, () -> {
            if (there != null && there.driver().isInstalled()) {
                there.driver().update(sourceOf(name, jars), paths(jars));
                drivers.put(name, new DroppedDriver(there.driver(), jars));
            } else {
                drivers.put(name, new DroppedDriver(layers.install(sourceOf(name, jars), paths(jars)), jars));
            }
        });
    }

    private void removeIfGone(String name, DropFolderContent content, List<String> problems) {
        DroppedDriver there = drivers.get(name);
        if (there != null && !content.holds(name) && !isHeld(name, content)) {
            attempt(problems, () -> {
                there.driver().uninstall();
                drivers.remove(name);
            });
        }
    }

    /** Whether a driver stays as it is because one of its jars is broken or half copied. */
    private boolean isHeld(String name, DropFolderContent content) {
        DroppedDriver there = drivers.get(name);
        return there != null && there.uses(content.unreadable());
    }

    private void attempt(List<String> problems, Runnable change) {
        try {
            change.run();
        } catch (ConfigurationException refused) {
            problems.add(refused.getMessage());
        } catch (IllegalStateException busy) {
            problems.add(busy.getMessage());
            applied = null; // again at the next look
        }
    }

    private static Path sourceOf(String name, List<DropJar> jars) {
        return jars.stream()
                .filter(jar -> jar.name().equals(name))
                .map(DropJar::path)
                .findFirst()
                .orElseThrow();
    }

    private static List<Path> paths(List<DropJar> jars) {
        return jars.stream().map(DropJar::path).toList();
    }

    // ---- the end

    /** Stops watching and uninstalls what came from the folder. From within a swap this happens when that has ended. */
    @Override
    public void close() {
        closedFromInside = Thread.currentThread() == thread;
        stop.countDown();
        if (!closedFromInside && hasEnded()) {
            uninstallAll();
        }
    }

    private boolean hasEnded() {
        boolean interrupted = false;
        long end = System.nanoTime() + STOP_LIMIT.toNanos();
        while (thread.isAlive() && end - System.nanoTime() > 0) {
            try {
                TimeUnit.NANOSECONDS.timedJoin(thread, end - System.nanoTime());
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "driver folder '" + folder + "': a swap hangs, so its drivers stay installed");
        }
        return !thread.isAlive();
    }

    private synchronized void uninstallAll() {
        drivers.values().forEach(dropped -> dropped.driver().uninstall());
        drivers.clear();
    }
}
