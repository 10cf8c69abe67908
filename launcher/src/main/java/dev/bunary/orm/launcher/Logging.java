package dev.bunary.orm.launcher;

import java.util.logging.Level;
import java.util.logging.Logger;

/** The log of the ORM, which goes through the JDK's logging to standard error: one line per record. */
final class Logging {
    private static final String FORMAT = "java.util.logging.SimpleFormatter.format";

    private Logging() {}

    /** Sets up the log unless the user has done so; call it before anything logs. */
    static void oneLine(Level least) {
        if (System.getProperty(FORMAT) == null && System.getProperty("java.util.logging.config.file") == null) {
            System.setProperty(FORMAT, "%1$tF %1$tT %4$s %5$s%6$s%n");
            Logger.getLogger("").setLevel(least);
        }
    }
}
