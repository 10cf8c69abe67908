package dev.bunary.orm.swap;

/** What a connection's place for its driver is doing. */
public enum DriverState {
    /** No driver is open; the next caller opens one. */
    UNBOUND,
    /** A factory is opening a driver; callers wait. */
    OPENING,
    /** A driver serves. */
    BOUND,
    /** The driver is leaving: work in flight ends on it, new callers wait. */
    DRAINING,
    /** The driver is being closed. */
    CLOSING,
    /** The driver's {@code close()} failed or hangs, and no second one may be opened beside it; callers wait. */
    STUCK,
    /** The connection's {@code Orm} is closed. */
    CLOSED
}
