package dev.bunary.orm.driver;

import java.util.Set;
import java.util.TreeSet;

/** No factory is registered for a connection's type. */
public final class NoDriverException extends DriverException {
    private static final long serialVersionUID = 1L;

    private final TreeSet<String> knownTypes;

    /**
     * Makes the error.
     *
     * @param message subject, rule, what was seen, what to do
     * @param knownTypes the types that factories are registered for
     */
    public NoDriverException(String message, Set<String> knownTypes) {
        super(message, null);
        this.knownTypes = new TreeSet<>(knownTypes);
    }

    /**
     * The types that factories are registered for.
     *
     * @return the types in alphabetical order, a copy
     */
    public Set<String> knownTypes() {
        return new TreeSet<>(knownTypes);
    }
}
