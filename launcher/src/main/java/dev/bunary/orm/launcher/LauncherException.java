package dev.bunary.orm.launcher;

import org.jspecify.annotations.Nullable;

/** Something the user can put right; its message is the one line they see. */
final class LauncherException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LauncherException(String message) {
        this(message, null);
    }

    LauncherException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
