package dev.bunary.orm;

import dev.bunary.orm.driver.ConfigurationException;
import dev.bunary.orm.registry.Caller;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The configuration that all views of an {@code Orm} share, and who set it. While that one runs, another can neither set a
 * different one nor clear it: they would move each other's connections to other databases. Safe for use by many threads.
 */
final class Configuration {
    private final AtomicReference<Setting> current = new AtomicReference<>(new Setting(null, Optional.empty(), 0));

    /**
     * What is set at one moment.
     *
     * @param config null if nothing is
     * @param by who set it; empty if nobody in particular
     * @param version counts the changes: whoever applies an older one comes too late
     */
    record Setting(@Nullable OrmConfig config, Optional<Caller> by, long version) {

        private Setting next(@Nullable OrmConfig other, Optional<Caller> of) {
            return new Setting(other, of, version + 1);
        }

        boolean isKeptFrom(Optional<Caller> other) {
            return config != null
                    && by.isPresent()
                    && other.isPresent()
                    && !by.equals(other)
                    && by.get().isLive();
        }
    }

    boolean isSet() {
        return current.get().config() != null;
    }

    Setting current() {
        return current.get();
    }

    @Nullable
    OrmConfig get() {
        return current.get().config();
    }

    /** Changes it for whoever has set it. */
    void change(OrmConfig config) {
        requireOne(config);
        current.updateAndGet(now -> now.next(config, now.by()));
    }

    /** Sets it for a caller. An equal one stays the first one's. */
    void set(OrmConfig config, Optional<Caller> by) {
        requireOne(config);
        Setting now;
        Setting next;
        do {
            now = current.get();
            next = now.next(config, by);
            if (now.isKeptFrom(by)) {
                if (!config.equals(now.config())) {
                    throw refused(now, by, "sets another configuration than ");
                }
                next = now;
            }
        } while (!current.compareAndSet(now, next));
    }

    void clear(Optional<Caller> by) {
        Setting now;
        do {
            now = current.get();
            if (now.isKeptFrom(by)) {
                throw refused(now, by, "clears the configuration of ");
            }
        } while (!current.compareAndSet(now, now.next(null, Optional.empty())));
    }

    private static void requireOne(@Nullable OrmConfig config) {
        if (config == null) {
            throw new ConfigurationException("the ORM configuration is null; give one, such as OrmConfig.of(database)");
        }
    }

    private static ConfigurationException refused(Setting now, Optional<Caller> by, String does) {
        return new ConfigurationException(by.map(Caller::toString).orElse("a caller") + " " + does
                + now.by().map(Caller::toString).orElse("another")
                + ", which runs; Bunary's functions share one configuration, so take the Orm service, or an Orm of your own"
                + " with Orm.create(config)");
    }
}
