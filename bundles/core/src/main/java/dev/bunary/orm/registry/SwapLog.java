package dev.bunary.orm.registry;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** The log, for use in the middle of a swap: one that fails, as its own bundle may have gone, leaves no swap half done. */
final class SwapLog {
    private static final System.Logger LOG = System.getLogger("dev.bunary.orm");

    private SwapLog() {}

    static void log(Level level, String message) {
        log(level, message, null);
    }

    static void log(Level level, String message, @Nullable Throwable thrown) {
        try {
            LOG.log(level, message, thrown);
        } catch (RuntimeException | LinkageError broken) {
            // there is nowhere else to tell it
        }
    }
}
