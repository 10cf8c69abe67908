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
    private final AtomicReference<@Nullable Setting> current = new AtomicReference<>();

    /** Empty if nobody in particular set it. */
    private record Setting(OrmConfig config, Optional<Caller> by) {

        boolean isKeptFrom(Optional<Caller> other) {
            return by.isPresent()
                    && other.isPresent()
                    && !by.equals(other)
                    && by.get().isLive();
        }
    }

    boolean isSet() {
        return current.get() != null;
    }

    @Nullable
    OrmConfig get() {
        Setting now = current.get();
        return now == null ? null : now.config();
    }

    /** Changes it for whoever has set it. */
    void change(OrmConfig config) {
        requireOne(config);
        current.updateAndGet(now -> new Setting(config, now == null ? Optional.empty() : now.by()));
    }

    /** Sets it for a caller. An equal one stays the first one's. */
    void set(OrmConfig config, Optional<Caller> by) {
        requireOne(config);
        Setting now;
        Setting next;
        do {
            now = current.get();
            next = new Setting(config, by);
            if (now != null && now.isKeptFrom(by)) {
                if (!now.config().equals(config)) {
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
            if (now != null && now.isKeptFrom(by)) {
                throw refused(now, by, "clears the configuration of ");
            }
        } while (!current.compareAndSet(now, null));
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
