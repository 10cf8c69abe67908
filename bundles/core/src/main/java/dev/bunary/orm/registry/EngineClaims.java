package dev.bunary.orm.registry;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which copy of an in-process engine is open on which database. Two copies of one engine do not see each other's file
 * locks, so a second copy is refused while the first has drivers open. Safe for use by many threads.
 */
final class EngineClaims {
    private final Map<String, Holder> holders = new HashMap<>(); // guarded by this; nothing else is done under it

    /** A copy of an engine is the class loader that its factory comes from. */
    private static final class Holder {
        final @Nullable ClassLoader copy;
        final String description;
        int claims;

        Holder(@Nullable ClassLoader copy, String description) {
            this.copy = copy;
            this.description = description;
        }
    }

    /** A right to have a driver open on an engine, until it is given back. */
    @FunctionalInterface
    interface Claim {
        Claim NONE = () -> {};

        void release();
    }

    /**
     * Claims an engine for a copy of it.
     *
     * @throws EngineInUseException if another copy has it
     */
    synchronized Claim claim(String engine, @Nullable ClassLoader copy, String description) {
        Holder holder = holders.computeIfAbsent(engine, name -> new Holder(copy, description));
        if (holder.copy != copy) {
            throw new EngineInUseException("engine '" + engine + "' is in use by " + holder.description
                    + "; a second copy of it beside the first would lose data, so close the drivers of the first");
        }
        holder.claims++;
        return () -> release(engine, holder);
    }

    private synchronized void release(String engine, Holder holder) {
        holder.claims--;
        if (holder.claims == 0) {
            holders.remove(engine);
        }
    }
}
