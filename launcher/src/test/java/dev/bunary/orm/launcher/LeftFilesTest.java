package dev.bunary.orm.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LeftFilesTest {
    @TempDir
    private Path temp;

    @Test
    void left_filesOfDrivers_areThoseThatCameAndStay() throws Exception {
        Files.createFile(temp.resolve("sqlite-3.50-before.so"));
        var files = new LeftFiles(temp);
        Path library = Files.createFile(temp.resolve("sqlite-3.54-libsqlitejdbc.so"));
        Path folder = Files.createDirectory(temp.resolve("bunary-sqlite123"));
        Files.createFile(temp.resolve("of-someone-else"));
        Files.delete(Files.createFile(temp.resolve("sqlite-3.55-libsqlitejdbc.so")));

        assertEquals(Set.of(library, folder), files.left());
    }
}
