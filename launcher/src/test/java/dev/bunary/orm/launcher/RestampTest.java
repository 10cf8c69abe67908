package dev.bunary.orm.launcher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Version;

final class RestampTest {
    @TempDir
    private Path folder;

    @Test
    void write_aBundle_changesItsVersionAndNothingElse() throws Exception {
        Path source = Jars.bundle(folder.resolve("a.jar"), "a", "1", Map.of("Export-Package", "org.example"));

        Path copy = Restamp.write(source, new Version(2, 0, 0), folder.resolve("b.jar"));

        BundleJar jar = BundleJar.read(copy);
        assertEquals(new Version(2, 0, 0), jar.version());
        assertEquals("a", jar.symbolicName());
        assertEquals("org.example", jar.manifest().getMainAttributes().getValue("Export-Package"));
        assertArrayEquals(content(source), content(copy));
    }

    private static byte[] content(Path file) throws Exception {
        try (var jar = new JarFile(file.toFile());
                var in = jar.getInputStream(jar.getEntry("content.bin"))) {
            return in.readAllBytes();
        }
    }
}
