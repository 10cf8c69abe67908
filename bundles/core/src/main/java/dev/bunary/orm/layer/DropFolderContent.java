package dev.bunary.orm.layer;

import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleReference;
import java.lang.module.ResolutionException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a drop-in folder says at one moment: which drivers there are, each with the jars it needs, and what is wrong.
 *
 * @param drivers the drivers that can be resolved, by module name
 * @param lacking what the others lack, by module name
 * @param unreadable jars that are broken or not complete yet
 * @param problems one line each
 */
record DropFolderContent(
        Map<String, List<DropJar>> drivers, Map<String, String> lacking, Set<Path> unreadable, List<String> problems) {

    /**
     * Sorts jars into drivers.
     *
     * @param stamps the jars and what they are now
     * @param parent what a driver's layer can share
     */
    static DropFolderContent of(Map<Path, DropJar.Stamp> stamps, Configuration parent) {
        var unreadable = new TreeSet<Path>();
        var problems = new ArrayList<String>();
        var newest = new TreeMap<String, DropJar>();
        stamps.forEach((path, stamp) -> {
            try {
                keepNewer(newest, DropJar.read(path, stamp), problems);
            } catch (IOException | FindException | SecurityException broken) {
                unreadable.add(path);
                problems.add(
                        path.getFileName() + " is broken or half copied and is left alone: " + broken.getMessage());
            }
        });
        var drivers = new TreeMap<String, List<DropJar>>();
        var lacking = new TreeMap<String, String>();
        newest.forEach((name, jar) -> {
            if (LayerModules.isDriver(jar.module().descriptor())) {
                try {
                    drivers.put(name, jarsOf(name, newest, parent));
                } catch (FindException | ResolutionException unresolved) {
                    lacking.put(name, jar + " lacks something and is left alone: " + unresolved.getMessage());
                }
            }
        });
        return new DropFolderContent(drivers, lacking, unreadable, problems);
    }

    /** Whether a driver's own jar is there and whole. */
    boolean holds(String driver) {
        return drivers.containsKey(driver) || lacking.containsKey(driver);
    }

    private static void keepNewer(Map<String, DropJar> newest, DropJar jar, List<String> problems) {
        DropJar other = newest.get(jar.name());
        if (other == null) {
            newest.put(jar.name(), jar);
            return;
        }
        boolean newer = DropJar.BY_AGE.compare(jar, other) > 0;
        DropJar kept = newer ? jar : other;
        newest.put(jar.name(), kept);
        problems.add((newer ? other : jar) + " is left alone: " + kept + " is the newer " + jar.name());
    }

    /** The jars of a driver and all it needs; another driver is never part of it, as that is installed by itself. */
    private static List<DropJar> jarsOf(String driver, Map<String, DropJar> newest, Configuration parent) {
        List<ModuleReference> found = newest.values().stream()
                .filter(jar -> jar.name().equals(driver)
                        || !LayerModules.isDriver(jar.module().descriptor()))
                .map(DropJar::module)
                .toList();
        return LayerModules.of(found, parent).needed(Set.of(driver)).stream()
                .map(newest::get)
                .toList();
    }
}
