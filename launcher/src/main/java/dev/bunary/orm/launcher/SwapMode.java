package dev.bunary.orm.launcher;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.random.RandomGenerator;

/** What a soak does to the driver, and with which share, in percent, when it does everything. */
enum SwapMode {
    /** Updates the driver in place. */
    UPDATE(30),
    /** Takes the driver away and brings the same back. */
    RESTART(20),
    /** Uninstalls the driver and installs a new version. */
    REINSTALL(15),
    /** Has a second driver take precedence over the first. */
    RANK(10),
    /** Changes the tuning of the connection. */
    CONFIG(20),
    /** Replaces sqlite-jdbc by another version, or back. */
    LIBRARY(5),
    /** One of the others each time, as the seed says. */
    MIXED(0);

    private final int percent;

    SwapMode(int percent) {
        this.percent = percent;
    }

    /** What it is made of: itself, or for the mix all others. */
    Set<SwapMode> kinds() {
        return this == MIXED ? EnumSet.complementOf(EnumSet.of(MIXED)) : EnumSet.of(this);
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
