package dev.bunary.orm.layer;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A driver that came from a drop-in folder, and the jars it was loaded from.
 *
 * @param driver the installation
 * @param jars its own and those it needs, as they were then
 */
record DroppedDriver(InstalledLayer driver, List<DropJar> jars) {

    /** Whether one of its jars is among these. */
    boolean uses(Set<Path> paths) {
        return jars.stream().map(DropJar::path).anyMatch(paths::contains);
    }

    /** Whether these are its jars, unchanged. */
    boolean isLoadedFrom(List<DropJar> others) {
        return stamps(jars).equals(stamps(others));
    }

    private static Map<Path, DropJar.Stamp> stamps(List<DropJar> jars) {
        return jars.stream().collect(Collectors.toMap(DropJar::path, DropJar::stamp));
    }
}
