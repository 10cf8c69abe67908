package dev.bunary.orm.registry;

/** Another copy of an in-process engine has drivers open on the same database. */
final class EngineInUseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EngineInUseException(String message) {
        super(message);
    }
}
