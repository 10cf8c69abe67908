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
    private volatile @Nullable DriverLayer current;

    /** Its factories in the registry; touched only by the thread that changes it. */
    private List<Candidate> announced;

    InstalledLayer(DriverLayers owner, Path source, DriverLayer layer) {
        this.owner = owner;
        this.source = source;
        this.announced = announce(layer);
        this.current = layer;
        LOG.log(System.Logger.Level.INFO, layer + " installed from " + source);
    }

    @Override
    public Path source() {
        return source;
    }

    @Override
    public List<FactoryInfo> factories() {
        DriverLayer now = current;
        return now == null ? List.of() : now.infos();
    }

    @Override
    public void update(Path jarOrFolder) {
        update(jarOrFolder, DriverJars.at(jarOrFolder));
    }

    void update(Path newSource, List<Path> jars) {
        beginChange();
        try {
            DriverLayer before = current;
            if (before == null) {
                throw new IllegalStateException("the driver of " + source + " was uninstalled; install it again");
            }
            DriverLayer next = owner.load(newSource, jars); // all that can fail comes while the old one serves
            replace(before, next);
            source = newSource;
            LOG.log(System.Logger.Level.INFO, before + " replaced by " + next + " from " + newSource);
        } finally {
            changer.set(null);
        }
    }

    private void replace(DriverLayer before, DriverLayer next) {
        owner.updateBegins();
        try {
            withdraw(); // returns when its drivers are closed: only then may another copy of the engine open
            announced = announce(next);
            current = next;
        } finally {
            owner.updateEnds();
        }
        before.discard();
    }

    @Override
    public void uninstall() {
        beginChange();
        try {
            DriverLayer leaving = current;
            if (leaving != null) {
                withdraw();
                current = null;
                owner.remove(this);
                leaving.discard();
                LOG.log(System.Logger.Level.INFO, leaving + " uninstalled");
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

    private List<Candidate> announce(DriverLayer layer) {
        return layer.factories().stream().map(owner.registry()::announce).toList();
    }

    private void withdraw() {
        owner.registry().withdraw(announced);
        announced = List.of(); // they would keep the classes
    }

    @Override
    public String toString() {
        return factories() + " from " + source;
    }
}
