package dev.bunary.orm.swap;

import org.osgi.annotation.versioning.ConsumerType;

/** Is told of driver events. Called outside all locks, on the thread that caused the event; what it throws is logged. */
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
