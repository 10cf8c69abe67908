package dev.bunary.orm.it.metadata;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleFinder;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is in each jar: names, classes, license, services. */
final class JarContentsTest {
    private static final Path ROOT = Path.of(System.getProperty("project.root"));
    private static final int JAVA_17 = 61;
    private static final long CORE_LIMIT_BYTES = 250_000;

    static List<ShippedJar> jars() {
        return ShippedJar.ALL;
    }

    @Test
    void bundleFolders_withAJar_areAllLookedAt() throws IOException {
        try (Stream<Path> folders = Files.list(ROOT.resolve("bundles"))) {
            var seen = folders.filter(folder -> Files.exists(folder.resolve("src/main/java/module-info.java")))
                    .map(folder -> folder.getFileName().toString())
                    .collect(Collectors.toCollection(TreeSet::new));
            var listed = ShippedJar.ALL.stream().map(ShippedJar::folder).collect(Collectors.toCollection(TreeSet::new));
            assertEquals(seen, listed);
        }
    }

    @ParameterizedTest
    @MethodSource("jars")
    void names_ofModuleAndBundle_areAsTheTableSays(ShippedJar jar) {
        assertEquals(jar.module(), jar.descriptor().name());
        assertEquals(jar.module(), jar.header("Bundle-SymbolicName").replaceFirst(";.*", ""));
        assertEquals("2", jar.header("Bundle-ManifestVersion"));
    }

    @ParameterizedTest
    @MethodSource("jars")
    void exports_ofModuleAndPackages_areOfThisJar(ShippedJar jar) {
        var exports =
                jar.descriptor().exports().stream().map(Exports::source).collect(Collectors.toCollection(TreeSet::new));
        assertTrue(jar.packages().containsAll(exports), () -> jar + " exports " + exports + " of " + jar.packages());
        assertTrue(
                jar.descriptor().exports().stream().noneMatch(Exports::isQualified),
                () -> jar + " exports to some only; OSGi cannot say that");
        // JUnit runs the inherited tests by reflection
        assertEquals(
                jar.folder().equals("driver-tck"), !jar.descriptor().opens().isEmpty(), () -> jar + " opens packages");
    }

    @ParameterizedTest
    @MethodSource("jars")
    void services_ofModuleAndClassPath_areEqual(ShippedJar jar) {
        assertEquals(jar.provides(), jar.services());
        assertEquals(jar.hasFactory(), jar.provides().containsKey(ShippedJar.FACTORY));
    }

    @ParameterizedTest
    @MethodSource("jars")
    void license_inEachJar_isTheProjects(ShippedJar jar) throws IOException {
        assertArrayEquals(Files.readAllBytes(ROOT.resolve("LICENSE")), jar.bytes("META-INF/LICENSE"));
        assertEquals("Apache-2.0", jar.header("Bundle-License"));
    }

    @ParameterizedTest
    @MethodSource("jars")
    void classes_inEachJar_runOnJava17(ShippedJar jar) {
        var classes =
                jar.entries().stream().filter(name -> name.endsWith(".class")).toList();
        assertTrue(classes.size() > 1, () -> jar + " holds " + classes);
        classes.forEach(name -> {
            int major = ByteBuffer.wrap(jar.bytes(name)).getShort(6);
            assertTrue(major <= JAVA_17, () -> name + " is of class file version " + major);
        });
    }

    @ParameterizedTest
    @MethodSource("jars")
    void manifest_ofEachJar_saysNothingOfTheMachine(ShippedJar jar) {
        for (String header :
                List.of("Built-By", "Build-Jdk", "Build-Jdk-Spec", "Bnd-LastModified", "Created-By", "Tool")) {
            assertNull(jar.header(header), () -> jar + " says " + header + ": " + jar.header(header));
        }
    }

    @Test
    void core_packed_isSmall() throws IOException {
        long size = Files.size(ShippedJar.ofModule("dev.bunary.orm").file());
        assertTrue(size < CORE_LIMIT_BYTES, () -> "core's jar has " + size + " bytes");
    }

    @Test
    void packages_ofAllJarsTogether_areInOneJarEach() {
        var owners = new TreeMap<String, TreeSet<String>>();
        ShippedJar.ALL.forEach(jar -> jar.packages()
                .forEach(name ->
                        owners.computeIfAbsent(name, key -> new TreeSet<>()).add(jar.artifact())));
        ModuleFinder.of(ShippedJar.JARS.resolve("sqlite-jdbc.jar"))
                .findAll()
                .forEach(module -> module.descriptor()
                        .packages()
                        .forEach(name -> owners.computeIfAbsent(name, key -> new TreeSet<>())
                                .add("sqlite-jdbc")));
        owners.values().removeIf(jars -> jars.size() == 1);
        assertEquals(new TreeMap<>(), owners);
    }
}
