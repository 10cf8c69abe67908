package dev.bunary.orm.driver;

/** How one driver may be exchanged for another while work goes on. */
public enum SwapStrategy {
    /**
     * The old driver is drained and closed before the new one is opened; callers wait in between. For engines that run
     * inside this process: two copies of such an engine on one file lose data.
     */
    EXCLUSIVE,

    /**
     * The new driver is opened and checked while the old one still serves; then new work goes to the new one and the
     * old one drains. For database servers.
     */
    OVERLAP
}
