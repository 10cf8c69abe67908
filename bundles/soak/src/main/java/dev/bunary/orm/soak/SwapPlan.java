package dev.bunary.orm.soak;

import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The swaps of a soak, each with its name. Swaps of one name do the same, and after each a new driver serves. They are
 * asked for and run on the thread that runs the soak, one after the other.
 *
 * @param idle gives those to make without load, as the yardstick of what such a swap costs; asked before the load and
 *     again after it, as a machine that does other work is not always equally fast
 * @param next gives those to make under load; asked outside the time that is measured
 * @param finish undoes, after the load, what the last swap has left half done, such as a second driver
 */
public record SwapPlan(
        Supplier<Iterator<Map.Entry<String, Runnable>>> idle,
        Supplier<Map.Entry<String, Runnable>> next,
        Runnable finish) {

    /**
     * A plan without a yardstick, and with nothing to undo.
     *
     * @param next gives each swap
     * @return the plan
     */
    public static SwapPlan of(Supplier<Map.Entry<String, Runnable>> next) {
        return new SwapPlan(Collections::emptyIterator, next, () -> {});
    }
}
