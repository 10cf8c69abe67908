package dev.bunary.orm.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.DriverFactory;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the service loader finds beside drivers that cannot be used. */
final class ServiceProvidersTest {
    @TempDir
    private Path folder;

    private final DriverRegistry registry = new DriverRegistry();

    private List<Set<String>> types() {
        return registry.announced().stream().map(Candidate::types).toList();
    }

    private void read(Duration limit, Class<?>... factories) throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(
                services.resolve(DriverFactory.class.getName()),
                "no.such.Factory\n" + Stream.of(factories).map(Class::getName).collect(Collectors.joining("\n")));
        // without the parent's own providers
        try (var loader = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader()) {
            @Override
            public Enumeration<URL> getResources(String name) throws IOException {
                return findResources(name);
            }
        }) {
            var providers = new ServiceProviders(registry, loader, limit);
            READ.set(providers::readOnce);
            providers.readOnce();
            Bench.await(() -> types().contains(Set.of("good")));
        }
    }

    @Test
    void readOnce_withBrokenProviders_announcesTheOthers() throws IOException {
        read(Duration.ofSeconds(20), Unmade.class, Untyped.class, Good.class);
        assertEquals(List.of(Set.of("good")), types());
    }

    @Test
    @Timeout(10)
    void readOnce_byAThreadThatAConstructorWaitsFor_givesUp() throws IOException {
        read(Duration.ofMillis(100), Waiting.class, Good.class);
    }

    private static final AtomicReference<Runnable> READ = new AtomicReference<>();

    /** Asks another thread something that needs the drivers, and waits for the answer. */
    public static final class Waiting extends Factory {
        public Waiting() throws Exception {
            Bench.join(Bench.async(() -> {
                READ.get().run();
                return true;
            }));
        }
    }

    /** Cannot be made. */
    public static final class Unmade extends Factory {
        public Unmade() {
            throw new IllegalStateException("no constructor for you");
        }
    }

    /** Does not know what it serves. */
    public static final class Untyped extends Factory {
        @Override
        public Set<String> types() {
            throw new IllegalStateException("no types for you");
        }
    }

    /** As it should be. */
    public static final class Good extends Factory {
        @Override
        public Set<String> types() {
            return Set.of("good");
        }
    }

    private abstract static class Factory implements DriverFactory {
        @Override
        public DatabaseDriver create(DatabaseConfig config) {
            return new TinyDriver("any");
        }
    }
}
