package dev.bunary.orm.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Finds the jars of a folder that have been added, replaced or deleted. A change counts when two looks in a row see the
 * same, so that a jar is left alone while it is being copied. Used by one thread.
 */
final class DropFolder {
    private final Path folder;
    private Map<Path, Stamp> lastLook = Map.of();
    private final Map<Path, Stamp> settled = new HashMap<>();

    DropFolder(Path folder) {
        this.folder = folder;
    }

    /** Looks once, and gives what has settled since the last changes that were given. */
    Changes look() throws IOException {
        Map<Path, Stamp> now = stamps();
        var written = new ArrayList<Path>();
        now.forEach((file, stamp) -> {
            if (stamp.equals(lastLook.get(file)) && !stamp.equals(settled.get(file))) {
                written.add(file);
            }
        });
        var deleted = settled.keySet().stream()
                .filter(file -> !now.containsKey(file) && !lastLook.containsKey(file))
                .sorted()
                .toList();
        lastLook = now;
        written.forEach(file -> settled.put(file, now.get(file)));
        deleted.forEach(settled::remove);
        // in the order they were written, so that of two versions the later one wins
        written.sort(Comparator.comparingLong((Path file) -> now.get(file).modified())
                .thenComparing(Comparator.naturalOrder()));
        return new Changes(written, deleted);
    }

    private Map<Path, Stamp> stamps() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            var stamps = new HashMap<Path, Stamp>();
            for (Path file : (Iterable<Path>) files::iterator) {
                if (file.toString().endsWith(".jar") && Files.isRegularFile(file)) {
                    stamp(file, stamps);
                }
            }
            return stamps;
        }
    }

    private static void stamp(Path file, Map<Path, Stamp> stamps) throws IOException {
        try {
            stamps.put(
                    file,
                    new Stamp(Files.size(file), Files.getLastModifiedTime(file).toMillis()));
        } catch (NoSuchFileException deletedMeanwhile) {
            stamps.remove(file);
        }
    }

    private record Stamp(long size, long modified) {}

    /**
     * What has changed.
     *
     * @param written files that are new or have other content, the older first
     * @param deleted files that are gone
     */
    record Changes(List<Path> written, List<Path> deleted) {
        boolean isEmpty() {
            return written.isEmpty() && deleted.isEmpty();
        }
    }
}
