package dev.bunary.orm.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

final class OldLoadersTest {
    @TempDir
    private Path folder;

    private EmbeddedFramework framework;
    private OldLoaders loaders;
    private Bundle bundle;

    @BeforeEach
    void start() throws Exception {
        framework = EmbeddedFramework.boot(folder.resolve("framework"), Map.of());
        bundle = framework.install(Jars.bundle(folder.resolve("a.jar"), "a", "1"));
        bundle.start();
        loaders = new OldLoaders(() -> framework.loaders(Set.of("a")));
        loaders.note();
    }

    @AfterEach
    void stop() throws Exception {
        framework.close();
    }

    @Test
    void reachable_theLoaderInUse_isNotOld() throws Exception {
        loaders.note();

        assertEquals(0, loaders.count());
        assertEquals(List.of(), loaders.reachable(Duration.ofSeconds(10)));
    }

    @Test
    void reachable_anUpdatedBundle_hasLetGo() throws Exception {
        update();

        assertEquals(1, loaders.count());
        assertEquals(List.of(), loaders.reachable(Duration.ofSeconds(30)));
    }

    @Test
    void reachable_someoneHoldsTheOldLoader_isNamed() throws Exception {
        ClassLoader held = bundle.adapt(BundleWiring.class).getClassLoader();
        update();

        assertEquals(List.of("a 1.0.0"), loaders.reachable(Duration.ofMillis(300)));
        Reference.reachabilityFence(held);
    }

    private void update() throws Exception {
        try (var content = Files.newInputStream(Jars.bundle(folder.resolve("b.jar"), "a", "2"))) {
            bundle.update(content);
        }
    }
}
