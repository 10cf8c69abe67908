package dev.bunary.orm.registry;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.driver.DatabaseConfig;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/**
 * Stands for what a driver threw, where that or one of its causes repeats a secret of the configuration: the same names,
 * texts and stack traces, with {@code ***} for the secret.
 */
final class RedactedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int MOST_CAUSES = 20; // a chain may lead back into itself

    private final String type;
    private final String text;

    private RedactedException(Throwable thrown, DatabaseConfig config, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.type = thrown.getClass().getSimpleName();
        this.text = config.redact(thrown.toString());
    }

    /** What can be handed out and logged: the very same where it repeats no secret. To be called without a lock. */
    static Throwable of(Throwable thrown, DatabaseConfig config) {
        String printed = printed(thrown);
        return config.redact(printed).equals(printed) ? thrown : copy(thrown, config, MOST_CAUSES);
    }

    /** The class of what was thrown. */
    static String type(Throwable thrown) {
        return thrown instanceof RedactedException redacted
                ? redacted.type
                : thrown.getClass().getSimpleName();
    }

    private static Throwable copy(Throwable thrown, DatabaseConfig config, int causes) {
        String message = thrown.getMessage() == null ? "" : config.redact(thrown.getMessage());
        Throwable cause = thrown.getCause() == null || causes == 0 ? null : copy(thrown.getCause(), config, causes - 1);
        Throwable copy = thrown instanceof ConfigurationException // callers tell it from the others
                ? new ConfigurationException(message, cause)
                : new RedactedException(thrown, config, message, cause);
        copy.setStackTrace(thrown.getStackTrace());
        for (Throwable suppressed : thrown.getSuppressed()) {
            if (causes > 0) {
                copy.addSuppressed(copy(suppressed, config, causes - 1));
            }
        }
        return copy;
    }

    private static String printed(Throwable thrown) {
        var text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }

    @Override
    public String toString() {
        return text;
    }
}
