package dev.bunary.orm.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Version;

final class BundleJarTest {
    @TempDir
    private Path folder;

    @Test
    void read_aBundle_givesItsNameAndVersion() throws Exception {
        BundleJar jar = BundleJar.read(Jars.bundle(file(), "org.example.a", "1.2.3.x"));

        assertEquals("org.example.a", jar.symbolicName());
        assertEquals(new Version("1.2.3.x"), jar.version());
        assertFalse(jar.singleton());
        assertFalse(jar.fragment());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a;singleton:=true", "a; singleton:=\"true\"", "a ;x=y ;singleton := true"})
    void read_aSingleton_tells(String symbolicName) throws Exception {
        BundleJar jar = BundleJar.read(Jars.bundle(file(), symbolicName, "1"));

        assertEquals("a", jar.symbolicName());
        assertTrue(jar.singleton());
    }

    @Test
    void read_aFragment_tells() throws Exception {
        assertTrue(BundleJar.read(Jars.bundle(file(), "a", "1", Map.of("Fragment-Host", "b")))
                .fragment());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.01, 0.5, 0.9, 0.999})
    void read_aTruncatedFile_isRejected(double share) throws IOException {
        Path file = Jars.truncate(Jars.bundle(file(), "a", "1"), share);

        assertRejected(file, "it is no complete jar");
    }

    @Test
    void read_aDamagedEntry_isRejected() throws IOException {
        Path file = Jars.bundle(file(), "a", "1");
        byte[] content = Files.readAllBytes(file);
        content[content.length / 2] ^= 0x55;
        Files.write(file, content);

        assertRejected(file, "it is no complete jar");
    }

    @Test
    void read_text_isRejected() throws IOException {
        assertRejected(Files.writeString(file(), "this is no jar"), "it is no complete jar");
    }

    @Test
    void read_aJarThatIsNoBundle_isRejected() throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");

        assertRejected(Jars.jar(file(), manifest), "it is no OSGi bundle");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", ";", ";singleton:=true"})
    void read_aBundleWithoutAName_isRejected(String symbolicName) throws IOException {
        assertRejected(Jars.bundle(file(), symbolicName, "1"), "Bundle-SymbolicName");
    }

    @Test
    void read_aWrongVersion_isRejected() throws IOException {
        assertRejected(Jars.bundle(file(), "a", "one"), "its Bundle-Version 'one'");
    }

    @Test
    void digest_otherContent_differs() throws Exception {
        BundleJar one = BundleJar.read(Jars.bundle(folder.resolve("1.jar"), "a", "1"));
        BundleJar other = BundleJar.read(Jars.bundle(folder.resolve("2.jar"), "a", "1.1"));

        assertNotEquals(one.digest(), other.digest());
    }

    private void assertRejected(Path file, String reason) {
        var rejected = assertThrows(RejectedJarException.class, () -> BundleJar.read(file));

        assertTrue(rejected.getMessage().contains(reason), rejected.getMessage());
    }

    private Path file() {
        return folder.resolve("a.jar");
    }
}
