package dev.bunary.orm.swap;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Is told of driver events, in order and one at a time, on a thread of its own: it may use the connection it hears of, or
 * block, without holding a swap up. What it throws is logged.
 */
@ConsumerType
@FunctionalInterface
public interface DriverListener {

    /**
     * Something happened.
     *
     * @param event what
     */
    void on(DriverEvent event);
}
