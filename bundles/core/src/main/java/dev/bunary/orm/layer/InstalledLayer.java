package dev.bunary.orm.layer;

import dev.bunary.orm.registry.Candidate;
import dev.bunary.orm.swap.FactoryInfo;
import dev.bunary.orm.swap.InstalledDriver;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** An installed driver: the layer that serves now, and the way to the next. Safe for use by many threads. */
final class InstalledLayer implements InstalledDriver {
    private static final System.Logger LOG = System.getLogger("dev.bunary.orm");

    private final DriverLayers owner;
    private final AtomicReference<@Nullable Thread> changer = new AtomicReference<>();
    private volatile Path source;

    /** Null once it is uninstalled. */
    private volatile @Nullable Announced current;

    /** A layer and its factories in the registry. */
    private record Announced(DriverLayer layer, List<Candidate> candidates) {}

    InstalledLayer(DriverLayers owner, Path source, DriverLayer layer) {
        this.owner = owner;
        this.source = source;
        this.current = announce(layer);
        LOG.log(System.Logger.Level.INFO, layer + " installed from " + source);
    }

    @Override
    public Path source() {
        return source;
    }

    @Override
    public List<FactoryInfo> factories() {
        Announced now = current;
        return now == null ? List.of() : now.layer().infos();
    }

    @Override
    public void update(Path jarOrFolder) {
        update(jarOrFolder, DriverJars.at(jarOrFolder));
    }

    void update(Path newSource, List<Path> jars) {
        beginChange();
        try {
            Announced before = current;
            if (before == null) {
                throw new IllegalStateException("the driver of " + source + " was uninstalled; install it again");
            }
            DriverLayer next = owner.load(newSource, jars); // all that can fail comes while the old one serves
            replace(before, next);
            source = newSource;
            LOG.log(System.Logger.Level.INFO, before.layer() + " replaced by " + next + " from " + newSource);
        } finally {
            changer.set(null);
        }
    }

    private void replace(Announced before, DriverLayer next) {
        owner.updateBegins();
        try {
            withdraw(before); // returns when its drivers are closed: only then may another copy of the engine open
            current = announce(next);
        } finally {
            owner.updateEnds();
        }
        before.layer().discard();
    }

    @Override
    public void uninstall() {
        beginChange();
        try {
            Announced leaving = current;
            if (leaving != null) {
                withdraw(leaving);
                current = null;
                owner.remove(this);
                leaving.layer().discard();
                LOG.log(System.Logger.Level.INFO, leaving.layer() + " uninstalled");
            }
        } finally {
            changer.set(null);
        }
    }

    boolean isInstalled() {
        return current != null;
    }

    /** Refuses instead of waiting: the other thread may be draining work of this one. */
    private void beginChange() {
        Thread other = changer.compareAndExchange(null, Thread.currentThread());
        if (other != null) {
            throw new IllegalStateException("the driver of " + source + " is being changed by thread '"
                    + other.getName() + "'; call again when that has ended");
        }
    }

    private Announced announce(DriverLayer layer) {
        var registry = owner.registry();
        return new Announced(
                layer, layer.factories().stream().map(registry::announce).toList());
    }

    private void withdraw(Announced leaving) {
        owner.registry().withdraw(leaving.candidates());
    }

    @Override
    public String toString() {
        return factories() + " from " + source;
    }
}
