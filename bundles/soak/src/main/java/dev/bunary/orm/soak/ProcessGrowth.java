package dev.bunary.orm.soak;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a process held before a run and holds after it. In the end as many drivers are open as in the beginning, so no count
 * but that of the threads may have grown.
 *
 * @param threadsBefore threads before
 * @param threadsAdded names of the threads that have come since and stay
 * @param jdbcDriversBefore drivers that were registered with {@code DriverManager} before, by whatever class loader
 * @param jdbcDriversAfter and after
 * @param nativeLibrariesBefore copies of SQLite's native library in memory before; 0 where the system does not tell
 * @param nativeLibrariesAfter and after
 */
public record ProcessGrowth(
        int threadsBefore,
        List<String> threadsAdded,
        int jdbcDriversBefore,
        int jdbcDriversAfter,
        int nativeLibrariesBefore,
        int nativeLibrariesAfter) {

    /** What the JDK and a framework start for themselves at some time, such as a cleaner and resolvers. */
    private static final int MOST_THREADS_ADDED = 4;

    /** Copies. */
    public ProcessGrowth {
        threadsAdded = List.copyOf(threadsAdded);
    }

    /**
     * What has grown and should not have.
     *
     * @return one text each; empty if nothing has
     */
    public List<String> broken() {
        var broken = new ArrayList<String>();
        if (threadsAdded.size() > MOST_THREADS_ADDED) {
            broken.add("threads are left: " + String.join(", ", threadsAdded));
        }
        if (jdbcDriversAfter > jdbcDriversBefore) {
            broken.add("drivers are left in DriverManager: " + change(jdbcDriversBefore, jdbcDriversAfter));
        }
        if (nativeLibrariesAfter > nativeLibrariesBefore) {
            broken.add("native libraries are left: " + change(nativeLibrariesBefore, nativeLibrariesAfter));
        }
        return broken;
    }

    /** The figures for a person. */
    List<String> lines() {
        return List.of(
                "threads: " + change(threadsBefore, threadsAfter())
                        + (threadsAdded.isEmpty() ? "" : ", new: " + String.join(", ", threadsAdded)),
                "drivers in DriverManager: " + change(jdbcDriversBefore, jdbcDriversAfter),
                "native libraries in memory: " + change(nativeLibrariesBefore, nativeLibrariesAfter));
    }

    /** The figures in types of the JDK. */
    Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("threadsBefore", threadsBefore);
        map.put("threadsAfter", threadsAfter());
        map.put("threadsAdded", threadsAdded);
        map.put("jdbcDriversBefore", jdbcDriversBefore);
        map.put("jdbcDriversAfter", jdbcDriversAfter);
        map.put("nativeLibrariesBefore", nativeLibrariesBefore);
        map.put("nativeLibrariesAfter", nativeLibrariesAfter);
        return map;
    }

    private int threadsAfter() {
        return threadsBefore + threadsAdded.size();
    }

    private static String change(int before, int after) {
        return before + " before, " + after + " after";
    }
}
