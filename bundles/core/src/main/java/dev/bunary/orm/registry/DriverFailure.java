package dev.bunary.orm.registry;

import dev.bunary.orm.driver.DatabaseConfig;

/**
 * What a driver threw, with its text taken at once: asking an exception of a driver for its message runs code of the
 * driver, which is not done under a lock. Cause and text are without the secrets that the driver may have put there.
 */
record DriverFailure(Throwable cause, String reason) {

    /** To be called without a lock. */
    static DriverFailure of(Throwable cause, DatabaseConfig config) {
        try {
            return read(cause, config);
        } catch (RuntimeException | LinkageError unreadable) { // what its text needs may have gone with its bundle
            String reason = cause.getClass().getName() + ", whose text cannot be read";
            return new DriverFailure(new IllegalStateException(reason), reason);
        }
    }

    private static DriverFailure read(Throwable cause, DatabaseConfig config) {
        String message = cause.getMessage();
        String text = message == null ? "" : ": " + config.redact(message);
        return new DriverFailure(RedactedException.of(cause, config), RedactedException.type(cause) + text);
    }
}
