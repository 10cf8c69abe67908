package dev.bunary.orm.registry;

import java.time.Duration;
import java.util.Set;

/** Describes who kept a driver from draining, once, at the deadline. */
final class Holders {
    private Holders() {}

    static String describe(Set<PinnedLease> holders) {
        var text = new StringBuilder();
        for (PinnedLease holder : holders) {
            Duration age = Duration.ofNanos(System.nanoTime() - holder.since());
            text.append(System.lineSeparator())
                    .append("  held by thread '")
                    .append(holder.thread().getName())
                    .append("' for ")
                    .append(age.toMillis())
                    .append(" ms");
            for (StackTraceElement frame : holder.thread().getStackTrace()) {
                text.append(System.lineSeparator()).append("    at ").append(frame);
            }
        }
        return text.toString();
    }
}
