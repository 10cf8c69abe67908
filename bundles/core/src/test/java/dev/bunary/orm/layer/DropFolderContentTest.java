package dev.bunary.orm.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DropFolderContentTest {
    @TempDir
    private Path folder;

    @Test
    void jarWithAFactory_isADriver_withoutTheOtherDrivers() throws IOException {
        JarFiles.driver(folder.resolve("a.jar"), "a.driver", "1.0");
        JarFiles.driver(folder.resolve("b.jar"), "b.driver", "1.0");
        JarFiles.library(folder.resolve("c.jar"), "c.library", "1.0"); // an automatic module reads all others

        assertEquals(
                Map.of("a.driver", List.of("a.jar", "c.jar"), "b.driver", List.of("b.jar", "c.jar")),
                drivers(content()));
        assertEquals(List.of(), content().problems());
    }

    @Test
    void twoVersionsOfAModule_theNewerCountsAndTheOtherIsTold() throws IOException {
        JarFiles.driver(folder.resolve("a.jar"), "a.driver", "1.10.0");
        JarFiles.driver(folder.resolve("z.jar"), "a.driver", "1.9.0");

        assertEquals(Map.of("a.driver", List.of("a.jar")), drivers(content()));
        assertEquals(
                List.of("z.jar (1.9.0) is left alone: a.jar (1.10.0) is the newer a.driver"),
                content().problems());
    }

    @Test
    void equalVersions_theLaterFileCounts() throws IOException {
        Path early = JarFiles.driver(folder.resolve("z.jar"), "a.driver", "1.0");
        Path late = JarFiles.driver(folder.resolve("a.jar"), "a.driver", "1.0");
        Files.setLastModifiedTime(early, FileTime.fromMillis(1_000_000));
        Files.setLastModifiedTime(late, FileTime.fromMillis(2_000_000));

        assertEquals(Map.of("a.driver", List.of("a.jar")), drivers(content()));
    }

    @Test
    void noVersion_isOlderThanAny() throws IOException {
        JarFiles.driver(folder.resolve("a.jar"), "a.driver", "no version at all");
        JarFiles.driver(folder.resolve("b.jar"), "a.driver", "0.1");

        assertEquals(Map.of("a.driver", List.of("b.jar")), drivers(content()));
    }

    @Test
    void halfAJar_isUnreadableAndOneProblem() throws IOException {
        Path jar = JarFiles.driver(folder.resolve("a.jar"), "a.driver", "1.0");
        byte[] whole = Files.readAllBytes(jar);
        Files.write(jar, Arrays.copyOf(whole, whole.length / 2));

        DropFolderContent content = content();

        assertEquals(Map.of(), content.drivers());
        assertEquals(Set.of(jar), content.unreadable());
        assertFalse(content.holds("a.driver"));
        assertEquals(1, content.problems().size());
        assertTrue(content.problems().get(0).startsWith("a.jar is broken or half copied"), content::toString);
    }

    @Test
    void jarWhoseNameIsNoModuleName_isUnreadableAndOneProblem() throws IOException {
        Path jar = folder.resolve("1-2-3.jar");
        JarFiles.library(jar, "1 2 3", "1.0");

        assertEquals(Set.of(jar), content().unreadable());
        assertEquals(1, content().problems().size());
    }

    private DropFolderContent content() throws IOException {
        var stamps = new TreeMap<Path, DropJar.Stamp>();
        for (Path jar : DriverJars.in(folder)) {
            stamps.put(jar, DropJar.Stamp.of(jar));
        }
        return DropFolderContent.of(stamps, ModuleLayer.boot().configuration());
    }

    private static Map<String, List<String>> drivers(DropFolderContent content) {
        var names = new TreeMap<String, List<String>>();
        content.drivers()
                .forEach((name, jars) -> names.put(
                        name,
                        jars.stream()
                                .map(jar -> jar.path().getFileName().toString())
                                .toList()));
        return names;
    }
}
