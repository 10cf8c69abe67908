package dev.bunary.orm.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which copies of SQLite are open on which file, whatever path leads there. Safe for use by many threads. */
final class OpenEngines {
    private final Map<Path, List<EngineCopy>> open = new HashMap<>();
    private final List<String> collisions = new ArrayList<>();
    private final Map<EngineCopy, Integer> opened = new HashMap<>();

    /** To be called before a driver is opened. The file must be there, as links are followed. */
    synchronized void opening(EngineCopy copy, String path) {
        List<EngineCopy> copies = open.computeIfAbsent(real(path), file -> new ArrayList<>());
        copies.add(copy);
        opened.merge(copy, 1, Integer::sum);
        if (copies.stream().distinct().count() > 1) {
            collisions.add(path + " is open in " + copies);
        }
    }

    /** To be called after a driver has closed, or was not opened after all. */
    synchronized void closed(EngineCopy copy, String path) {
        open.get(real(path)).remove(copy);
    }

    /** Each time that a second copy opened a file which the first had open. */
    synchronized List<String> collisions() {
        return List.copyOf(collisions);
    }

    /** Drivers that are open now, on any file. */
    synchronized int count() {
        return open.values().stream().mapToInt(List::size).sum();
    }

    /** How often a copy has opened a driver. */
    synchronized int opened(EngineCopy copy) {
        return opened.getOrDefault(copy, 0);
    }

    private static Path real(String path) {
        try {
            return Path.of(path).toRealPath();
        } catch (IOException notThere) {
            throw new UncheckedIOException(notThere);
        }
    }
}
