package dev.bunary.orm.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What drivers, their module layers and sqlite-jdbc put into the temporary folder of the process. That folder may be shared
 * with other processes, so only names that these give are looked at.
 */
final class LeftFiles {
    private static final String NAMES = "(bunary-drivers|bunary-sqlite|sqlite-).*";

    private final Path folder;
    private final Set<Path> before;

    LeftFiles(Path folder) throws IOException {
        this.folder = folder;
        this.before = now();
    }

    /** For the temporary folder of this process. */
    static LeftFiles ofThisProcess() throws IOException {
        return new LeftFiles(Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** What has come since the beginning and is still there. */
    Set<Path> left() throws IOException {
        Set<Path> left = now();
        left.removeAll(before);
        return left;
    }

    private Set<Path> now() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches(NAMES))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
