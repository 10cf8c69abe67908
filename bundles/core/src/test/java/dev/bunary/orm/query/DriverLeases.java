package dev.bunary.orm.query;

import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.registry.Lease;
import dev.bunary.orm.registry.LeaseSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Leases of one driver that is never swapped, counted. */
final class DriverLeases implements LeaseSource {
    final AtomicInteger held = new AtomicInteger();
    final AtomicInteger pinned = new AtomicInteger();
    final Map<Object, Object> derived = new ConcurrentHashMap<>();
    final DatabaseDriver driver;

    DriverLeases(DatabaseDriver driver) {
        this.driver = driver;
    }

    @Override
    public String connection() {
        return "default";
    }

    @Override
    public Lease acquire() {
        held.incrementAndGet();
        return new DriverLease();
    }

    @Override
    public Lease pin() {
        pinned.incrementAndGet();
        return acquire();
    }

    private final class DriverLease implements Lease {
        private final AtomicBoolean released = new AtomicBoolean();

        @Override
        public DatabaseDriver driver() {
            if (released.get()) {
                throw new AssertionError("a lease is used after its release");
            }
            return driver;
        }

        @Override
        @SuppressWarnings("unchecked") // what was made for a key is found by that key
        public <T> T derived(Object key, Function<DatabaseDriver, T> make) {
            return (T) derived.computeIfAbsent(key, any -> make.apply(driver()));
        }

        @Override
        public RuntimeException explain(OrmException failure) {
            failure.nameConnection(connection());
            return failure;
        }

        @Override
        public RuntimeException explainRead(OrmException failure) {
            return explain(failure);
        }

        @Override
        public void release() {
            if (!released.compareAndSet(false, true)) {
                throw new AssertionError("a lease is released twice");
            }
            held.decrementAndGet();
        }
    }
}
