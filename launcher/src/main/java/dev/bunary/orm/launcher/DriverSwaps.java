package dev.bunary.orm.launcher;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The ways in which a runtime swaps its SQLite driver. */
interface DriverSwaps {
    /**
     * Prepares the swaps of a mode, to be made in this order: one, or an episode whose last swap undoes the first. What
     * takes time and is no part of a swap, such as writing a jar, is done here. After each swap another driver serves.
     */
    List<Map.Entry<String, Runnable>> prepare(SwapMode mode) throws IOException;

    /** The class loaders of the driver and its library that are in use now, with names for a person. */
    Map<ClassLoader, String> loaders();

    /** Whether the swaps of a mode replace class loaders. */
    boolean replacesLoaders(SwapMode mode);

    /** A swap with its name; swaps of one name do the same. */
    static Map.Entry<String, Runnable> swap(String name, SwapStep step) {
        return Map.entry(name, SwapStep.runnable(step));
    }
}
