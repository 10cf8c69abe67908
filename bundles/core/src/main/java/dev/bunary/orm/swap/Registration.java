package dev.bunary.orm.swap;

import org.osgi.annotation.versioning.ProviderType;

/** A driver factory's registration. Closing it takes the factory back. */
@ProviderType
@FunctionalInterface
public interface Registration extends AutoCloseable {

    /**
     * Takes the factory back: drivers it made are drained and closed before this returns, at the latest after the drain
     * time-out. Closing again does nothing.
     */
    @Override
    void close();
}
