package dev.bunary.orm.launcher;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What has to be closed at the end, last opened first, once: at the end of a command, or when the process is told to end.
 * Safe for many threads.
 */
final class Closing implements AutoCloseable {
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Thread hook = new Thread(this::closeAtTheEnd, "bunary-stop");
    private volatile boolean processEnds;

    Closing() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    synchronized <T extends AutoCloseable> T add(T resource) {
        opened.push(resource);
        return resource;
    }

    /** Whether the process has been told to end, so that a failure of what runs is no news. */
    boolean processEnds() {
        return processEnds;
    }

    @Override
    public void close() {
        closeAll();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException tooLate) {
            // the hook is what closed everything, or finds nothing left to close
            return;
        }
    }

    private void closeAtTheEnd() {
        processEnds = true;
        closeAll();
    }

    private synchronized void closeAll() {
        while (!opened.isEmpty()) {
            closeOne(opened.pop());
        }
    }

    /** Goes on with the others, or one that fails would keep the framework running or the folder there. */
    private static void closeOne(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception failure) {
            System.err.println("bunary: at the end: " + failure);
        }
    }
}
