package dev.bunary.orm.swap;

import java.nio.file.Path;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A driver that was installed from jars while the process runs. It stays the same object through updates. Safe for use
 * by many threads; of two that change it at the same time the second gets an {@link IllegalStateException}, as waiting
 * for each other could never end.
 */
@ProviderType
public interface InstalledDriver extends Registration {

    /**
     * Where its jars came from.
     *
     * @return the jar or folder of the installation or of the last update
     */
    Path source();

    /**
     * What it provides.
     *
     * @return its factories with the names and versions of their modules; empty once it is uninstalled
     */
    List<FactoryInfo> factories();

    /**
     * Replaces it by other jars of the same driver. These are copied, checked and loaded first; then the old driver is
     * drained and closed, and only then does the new one serve, as two copies of one engine must never be open on one
     * file. Callers wait meanwhile. What is still open on the old driver at the drain time-out is ended.
     *
     * @param jarOrFolder a jar, or a folder whose jars belong together
     * @throws dev.bunary.orm.driver.ConfigurationException if the jars are missing, broken, do not fit together or hold
     *     no driver; the old driver goes on
     * @throws IllegalStateException if it is uninstalled, or another thread is changing it
     */
    void update(Path jarOrFolder);

    /**
     * Takes the driver out: it is drained and closed before this returns, at the latest after the drain time-out, and
     * nothing of this library refers to its classes any more. Repeating it does nothing.
     *
     * @throws IllegalStateException if another thread is changing it
     */
    void uninstall();

    /** As {@link #uninstall}. */
    @Override
    default void close() {
        uninstall();
    }
}
