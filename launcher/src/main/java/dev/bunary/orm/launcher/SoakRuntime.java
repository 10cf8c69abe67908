package dev.bunary.orm.launcher;

import java.util.Map;
import java.util.function.Consumer;

/** What a soak runs on: the ORM with its SQLite driver, in this process. Its text is for the first line of output. */
interface SoakRuntime {
    /** The driver and how it is swapped. */
    DriverSwaps driver();

    /** Runs the load and the swaps. Gives the figures of bundles/soak, in types of the JDK. */
    Map<String, ?> soak(SoakPlan plan, SoakSwaps swaps, Consumer<String> out);
}
