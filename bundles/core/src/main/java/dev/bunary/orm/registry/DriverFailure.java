package dev.bunary.orm.registry;

/**
 * What a driver threw, with its text taken at once: asking an exception of a driver for its message runs code of the
 * driver, which is not done under a lock.
 */
record DriverFailure(Throwable cause, String reason) {

    /** To be called without a lock. */
    static DriverFailure of(Throwable cause) {
        String message = cause.getMessage();
        return new DriverFailure(cause, cause.getClass().getSimpleName() + (message == null ? "" : ": " + message));
    }
}
