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
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the service loader finds beside drivers that cannot be used. */
final class ServiceProvidersTest {
    @TempDir
    private Path folder;

    @Test
    void readOnce_withBrokenProviders_announcesTheOthers() throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(
                services.resolve(DriverFactory.class.getName()),
                "no.such.Factory\n" + Unmade.class.getName() + "\n" + Untyped.class.getName() + "\n"
                        + Good.class.getName() + "\n");
        var registry = new DriverRegistry();
        // without the parent's own providers
        try (var loader = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader()) {
            @Override
            public Enumeration<URL> getResources(String name) throws IOException {
                return findResources(name);
            }
        }) {
            new ServiceProviders(registry, loader).readOnce();
        }
        assertEquals(
                List.of(Set.of("good")),
                registry.announced().stream().map(Candidate::types).toList());
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
