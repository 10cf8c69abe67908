package dev.bunary.orm.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateCopiesTest {
    private final PrivateCopies copies = new PrivateCopies();

    @TempDir
    private Path folder;

    @Test
    void copy_ofAJar_keepsNameAndContentWhateverHappensToTheOriginal() throws IOException {
        Path jar = JarFiles.library(folder.resolve("a.jar"), "a", "1.0");
        byte[] content = Files.readAllBytes(jar);

        Path copied = copies.copy(List.of(jar));
        Files.writeString(jar, "overwritten");

        assertArrayEquals(content, Files.readAllBytes(copied.resolve("a.jar")));
        copies.delete(copied);
    }

    @Test
    void delete_ofTheLast_leavesNothing() throws IOException {
        Path jar = JarFiles.library(folder.resolve("a.jar"), "a", "1.0");
        Path first = copies.copy(List.of(jar));
        Path second = copies.copy(List.of(jar));

        copies.delete(first);
        assertFalse(Files.exists(first));
        assertTrue(Files.exists(second.resolve("a.jar")));

        copies.delete(second);
        assertFalse(Files.exists(first.getParent()));

        Path third = copies.copy(List.of(jar));
        assertTrue(Files.exists(third.resolve("a.jar")), "it starts anew");
        copies.delete(third);
        assertFalse(Files.exists(third.getParent()));
    }

    @Test
    void copy_ofAJarThatVanished_isOneErrorAndLeavesNothing() throws IOException {
        Path there = JarFiles.library(folder.resolve("a.jar"), "a", "1.0");
        Path gone = folder.resolve("gone.jar");
        Path keeps = copies.copy(List.of(there));

        var refused = assertThrows(ConfigurationException.class, () -> copies.copy(List.of(there, gone)));

        assertTrue(refused.getMessage().contains("gone.jar"), refused::getMessage);
        try (var left = Files.list(keeps.getParent())) {
            assertEquals(List.of(keeps), left.toList());
        }
        copies.delete(keeps);
    }
}
