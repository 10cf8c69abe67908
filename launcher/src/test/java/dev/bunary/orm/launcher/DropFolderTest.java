package dev.bunary.orm.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DropFolderTest {
    @TempDir
    private Path path;

    private DropFolder folder;

    @BeforeEach
    void watch() {
        folder = new DropFolder(path);
    }

    @Test
    void look_aNewJar_isGivenAtTheSecondLookOnce() throws IOException {
        Path jar = Files.writeString(path.resolve("a.jar"), "1");

        assertTrue(folder.look().isEmpty());
        assertEquals(List.of(jar), folder.look().written());
        assertTrue(folder.look().isEmpty());
    }

    @Test
    void look_aJarThatGrows_isLeftAloneUntilItStandsStill() throws IOException {
        Path jar = Files.writeString(path.resolve("a.jar"), "1");
        folder.look();
        Files.writeString(jar, "12");
        assertTrue(folder.look().isEmpty());
        Files.writeString(jar, "123");
        assertTrue(folder.look().isEmpty());

        assertEquals(List.of(jar), folder.look().written());
    }

    @Test
    void look_aReplacedJar_isGivenAgain() throws IOException {
        Path jar = settled("a.jar", 1);
        Files.writeString(jar, "other");
        folder.look();

        assertEquals(List.of(jar), folder.look().written());
    }

    @Test
    void look_aDeletedJar_isGivenAtTheSecondLook() throws IOException {
        Path jar = settled("a.jar", 1);
        Files.delete(jar);

        assertTrue(folder.look().isEmpty());
        assertEquals(List.of(jar), folder.look().deleted());
        assertTrue(folder.look().isEmpty());
    }

    @Test
    void look_aJarThatIsDeletedAndWrittenAgain_isAReplacement() throws IOException {
        Path jar = settled("a.jar", 1);
        Files.delete(jar);
        folder.look();
        Files.writeString(jar, "other");

        assertTrue(folder.look().isEmpty());
        assertEquals(new DropFolder.Changes(List.of(jar), List.of()), folder.look());
    }

    @Test
    void look_severalJars_givesTheOlderFirst() throws IOException {
        Path late = write("a.jar", 2_000);
        Path early = write("b.jar", 1_000);
        folder.look();

        assertEquals(List.of(early, late), folder.look().written());
    }

    @Test
    void look_otherFilesAndFolders_areNotSeen() throws IOException {
        Files.writeString(path.resolve("a.jar.part"), "1");
        Files.createDirectory(path.resolve("b.jar"));
        folder.look();

        assertTrue(folder.look().isEmpty());
    }

    private Path settled(String name, long modified) throws IOException {
        Path jar = write(name, modified);
        folder.look();
        folder.look();
        return jar;
    }

    private Path write(String name, long modified) throws IOException {
        Path jar = Files.writeString(path.resolve(name), name);
        return Files.setLastModifiedTime(jar, FileTime.fromMillis(modified));
    }
}
