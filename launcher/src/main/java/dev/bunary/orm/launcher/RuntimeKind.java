package dev.bunary.orm.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.osgi.framework.BundleException;

/** Where a soak runs. */
enum RuntimeKind {
    /** Bundles in Felix. */
    FELIX,
    /** Module layers on plain JPMS, in a process of its own: {@link ModuleProcess}. */
    LAYERS;

    /** Boots it in this process and folder. It is closed with what else the command has opened. */
    SoakRuntime boot(Closing closing, Path folder) throws IOException, BundleException {
        return this == FELIX ? FelixRuntime.boot(closing, folder) : LayersRuntime.boot(closing, folder);
    }

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
