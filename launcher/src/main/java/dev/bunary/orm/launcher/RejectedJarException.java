package dev.bunary.orm.launcher;

import org.jspecify.annotations.Nullable;

/** A jar is not applied; the message is the reason, for the one line the user sees. */
final class RejectedJarException extends Exception {
    private static final long serialVersionUID = 1L;

    RejectedJarException(String reason) {
        this(reason, null);
    }

    RejectedJarException(String reason, @Nullable Throwable cause) {
        super(reason, cause);
    }
}
