package dev.bunary.orm.launcher;

import java.util.Locale;
import java.util.random.RandomGenerator;

/** What a soak does to the driver, and with which share, in percent, when it does everything. */
enum SwapMode {
    /** Updates the driver bundle in place. */
    UPDATE(30),
    /** Stops the driver bundle and starts it. */
    RESTART(20),
    /** Uninstalls the driver bundle and installs a new version. */
    REINSTALL(15),
    /** Edits the ranking of one of two driver bundles. */
    RANK(10),
    /** Changes the tuning of the connection. */
    CONFIG(20),
    /** Replaces the sqlite-jdbc bundle by another version, or back. */
    LIBRARY(5),
    /** One of the others each time, as the seed says. */
    MIXED(0);

    private final int percent;

    SwapMode(int percent) {
        this.percent = percent;
    }

    static SwapMode pick(RandomGenerator random) {
        int left = random.nextInt(100);
        for (SwapMode mode : values()) {
            left -= mode.percent;
            if (left < 0) {
                return mode;
            }
        }
        throw new IllegalStateException("the shares of the modes do not add up to 100");
    }

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
