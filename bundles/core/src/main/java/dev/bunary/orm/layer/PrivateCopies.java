package dev.bunary.orm.layer;

import dev.bunary.orm.driver.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Copies of jars in a temporary folder. A class loader keeps its jars open, and a jar that is overwritten while it is open
 * breaks class loading. Nothing is left when the last copy is deleted or the process ends. Safe for use by many threads.
 */
final class PrivateCopies {
    // ---- guarded by this
    private final Set<Path> used = new HashSet<>();

    /** To be deleted as soon as that works: Windows keeps a jar that a class loader has open. */
    private final Set<Path> released = new HashSet<>();

    private @Nullable Path root;
    private @Nullable Thread atExit;
    private int sequence;

    /**
     * Copies jars into a folder of their own.
     *
     * @param jars the jars; their names stay, as these may be the names of automatic modules
     * @return the folder, to be given to {@link #delete}
     */
    Path copy(List<Path> jars) {
        Path folder;
        try {
            folder = newFolder();
        } catch (IOException error) {
            throw new ConfigurationException(
                    "driver jars cannot be copied into the temporary folder; make it writable, or name another with the"
                            + " system property java.io.tmpdir",
                    error);
        }
        try {
            for (Path jar : jars) {
                Files.copy(jar, folder.resolve(jar.getFileName().toString()));
            }
            return folder;
        } catch (IOException error) {
            delete(folder);
            throw new ConfigurationException(
                    "driver jars " + jars + " cannot be copied to the temporary folder: " + error, error);
        }
    }

    /** Deletes a folder and the copies in it. */
    synchronized void delete(Path folder) {
        used.remove(folder);
        released.add(folder);
        released.removeIf(PrivateCopies::tryDelete);
        Path parent = root;
        if (parent != null && used.isEmpty() && released.isEmpty() && tryDelete(parent)) {
            root = null;
            removeHook();
        }
    }

    private synchronized Path newFolder() throws IOException {
        Path parent = root;
        if (parent == null) {
            parent = Files.createTempDirectory("bunary-drivers");
            root = parent;
            addHook();
        }
        Path folder = Files.createDirectory(parent.resolve(String.valueOf(++sequence)));
        used.add(folder);
        return folder;
    }

    private void addHook() {
        Thread hook = new Thread(this::deleteAll, "bunary-drivers-exit");
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            atExit = hook;
        } catch (IllegalStateException exiting) {
            // too late for a hook: what is installed while the process ends is deleted by its own uninstall alone
            atExit = null;
        }
    }

    private void removeHook() {
        Thread hook = atExit;
        atExit = null;
        try {
            if (hook != null) {
                Runtime.getRuntime().removeShutdownHook(hook);
            }
        } catch (IllegalStateException exiting) {
            // it runs already, and finds nothing
            return;
        }
    }

    private synchronized void deleteAll() {
        List.copyOf(used).forEach(this::delete);
    }

    /** Deletes a folder that holds nothing but files. Returns false if something is in use. */
    private static boolean tryDelete(Path folder) {
        try {
            for (Path file : filesIn(folder)) {
                UrlCache.close(file);
                Files.delete(file);
            }
            Files.delete(folder);
            return true;
        } catch (IOException inUse) {
            return Files.notExists(folder);
        }
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
