package dev.bunary.orm.registry;

import org.jspecify.annotations.Nullable;

/** Threads for the slow steps of a swap: daemons that inherit nothing from the thread that caused the swap. */
final class ShortLivedThread {
    private ShortLivedThread() {}

    /** Starts one. Its context class loader is that of the factory, as inheriting one would tie it to a caller. */
    static Thread start(String name, @Nullable ClassLoader loader, Runnable work) {
        Thread thread = new Thread(null, work, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(loader);
        thread.start();
        return thread;
    }
}
