package dev.bunary.orm.soak;

import dev.bunary.orm.Orm;
import dev.bunary.orm.swap.DriverEvent;
import dev.bunary.orm.swap.DriverState;
import dev.bunary.orm.swap.DriverStatus;
import dev.bunary.orm.swap.FactoryInfo;
import dev.bunary.orm.swap.Registration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Listens to the driver events of the default connection, and waits until a swap has ended. Safe for many threads. */
final class SwapWatch implements AutoCloseable {
    private static final Set<DriverEvent.Kind> SERVES = Set.of(DriverEvent.Kind.BOUND, DriverEvent.Kind.REBOUND);

    private final Orm orm;
    private final List<DriverEvent> events = new ArrayList<>();
    private final Registration listening;
    private long forced;
    private long quarantined;
    private long gone;

    SwapWatch(Orm orm) {
        this.orm = orm;
        this.listening = orm.listen(this::add);
    }

    /** The driver that serves now, such as {@code dev.bunary.orm.driver.sqlite 0.1.0 (bundle 5)}. */
    String serving() {
        return status().factory().map(FactoryInfo::toString).orElse("none");
    }

    long generation() {
        return status().generation();
    }

    DriverState state() {
        return status().state();
    }

    /** Drains, since the beginning, that ran into their deadline. */
    synchronized long forced() {
        return forced;
    }

    /** How often, since the beginning, a factory was quarantined. */
    synchronized long quarantined() {
        return quarantined;
    }

    /** How often, since the beginning, no driver was there for a moment. */
    synchronized long gone() {
        return gone;
    }

    /** Forgets what has been heard so far, but for the counts. */
    synchronized void clear() {
        events.clear();
    }

    /** Waits until a driver of a later generation serves, and gives all events heard since {@link #clear}. */
    synchronized List<DriverEvent> awaitLater(long generation, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (events.stream().noneMatch(event -> SERVES.contains(event.kind()) && event.generation() > generation)) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new IllegalStateException("no driver after generation " + generation + " serves within "
                        + limit.toMillis() + " ms; events: " + events + "; status: " + orm.drivers());
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return List.copyOf(events);
    }

    @Override
    public void close() {
        listening.close();
    }

    private synchronized void add(DriverEvent event) {
        events.add(event);
        switch (event.kind()) {
            case FORCED -> forced++;
            case QUARANTINED -> quarantined++;
            case LOST -> gone++;
            case BOUND, DRAINING, REBOUND -> {}
        }
        notifyAll();
    }

    private DriverStatus status() {
        return orm.drivers().stream()
                .filter(status -> status.connection().equals("default"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the Orm has no connection 'default'"));
    }
}
