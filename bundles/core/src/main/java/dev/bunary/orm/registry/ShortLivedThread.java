package dev.bunary.orm.registry;

/** Threads for the slow steps of a swap: daemons that inherit nothing from the thread that caused the swap. */
final class ShortLivedThread {
    private ShortLivedThread() {}

    /**
     * Starts one. Its context class loader is this library's: that of the factory would be inherited by threads which
     * the JDK starts meanwhile and keeps, such as the one that watches processes, and the driver could not be unloaded.
     */
    static Thread start(String name, Runnable work) {
        Thread thread = new Thread(null, work, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(ShortLivedThread.class.getClassLoader());
        thread.start();
        return thread;
    }
}
