package dev.bunary.orm.registry;

import dev.bunary.orm.swap.DriverEvent;
import dev.bunary.orm.swap.DriverEvent.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** The events of one slot, noted under its lock and told once that is free. Safe for use by many threads. */
final class SlotEvents {
    private static final int HISTORY = 20;

    private final ConcurrentLinkedQueue<DriverEvent> untold = new ConcurrentLinkedQueue<>();

    /** The latest, oldest first; guarded by the slot's lock. */
    private final ArrayDeque<DriverEvent> history = new ArrayDeque<>();

    /** Calls of {@link #tell} not yet answered. Whoever takes it from 0 answers them all: two at once would swap events. */
    private final AtomicInteger asked = new AtomicInteger();

    private final String connection;
    private final Events events;

    SlotEvents(String connection, Events events) {
        this.connection = connection;
        this.events = events;
    }

    /** How much work a drain had to wait for, how long it took, and how many callers waited. */
    record Drained(long leases, Duration took, int parked) {
        static final Drained NOTHING = new Drained(0, Duration.ZERO, 0);
    }

    /** Notes what happened to a generation; the message goes on after the connection's name and type. */
    void note(Kind kind, Generation generation, Drained drained, String message) {
        note(
                kind,
                generation.number(),
                generation.candidate(),
                drained,
                generation.config().type() + message);
    }

    void note(Kind kind, long generation, Candidate candidate, Drained drained, String message) {
        var event = new DriverEvent(
                Instant.now(),
                kind,
                connection,
                generation,
                Optional.of(candidate.info()),
                drained.leases(),
                drained.parked(),
                drained.took(),
                "connection '" + connection + "': " + message);
        untold.add(event);
        if (history.size() == HISTORY) {
            history.removeFirst();
        }
        history.add(event);
    }

    /** The latest events, oldest first. Called with the slot's lock held. */
    List<DriverEvent> history() {
        return List.copyOf(history);
    }

    /** Tells what is noted, in order; if another thread is at it, that one tells this too. */
    void tell() {
        if (untold.isEmpty() || asked.getAndIncrement() > 0) {
            return;
        }
        int done = 1;
        do {
            for (DriverEvent event = untold.poll(); event != null; event = untold.poll()) {
                events.tell(event);
            }
            done = asked.addAndGet(-done);
        } while (done > 0);
    }
}
