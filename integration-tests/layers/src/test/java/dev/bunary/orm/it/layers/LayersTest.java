package dev.bunary.orm.it.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.it.process.JavaProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An application on the module path, with core and driver-api and no driver, that installs, swaps and watches drivers in
 * module layers. Each test is a process of its own; it prints a line per check and ends with non-zero if one is broken.
 */
final class LayersTest {
    private static final Path APPLICATION = Path.of("src", "app", "java").toAbsolutePath();
    private static final Path JARS = Path.of(System.getProperty("jars"));
    private static final Path PATH = JARS.resolve("path");
    private static final Path DRIVER = JARS.resolve("driver");
    private static final Path PREVIOUS = JARS.resolve("previous");
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final long seed = new Random().nextLong(1_000_000);

    @TempDir
    private Path folder;

    @Test
    void update_fiftyTimesUnderLoad_losesNothing() throws Exception {
        JavaProcess.Result result = run("load", PATH);
        assertPassed(result, "nothing failed, nothing lost or doubled, the database is whole", "pauses of 50 updates");
    }

    @Test
    void update_whileSeveralDriversWriteToOneFile_losesNothing() throws Exception {
        JavaProcess.Result result = run("shared", PATH);
        assertPassed(
                result,
                "nothing lost or doubled in journal mode wal",
                "nothing lost or doubled in journal mode delete");
    }

    @Test
    void update_underWorkThatOutlastsTheDrain_givesItUpAndSaysSo() throws Exception {
        JavaProcess.Result result = run("deadline", PATH);
        assertPassed(
                result,
                "the transaction was told that nothing of it is there",
                "the reader of the stream was told that nothing of it is there");
    }

    @Test
    void badDriver_installedUnderLoad_isLeftAloneAndNothingFails() throws Exception {
        JavaProcess.Result result = run("bad", PATH);
        assertPassed(result, "nothing failed, nothing lost or doubled, the database is whole", "each was left alone");
    }

    @Test
    void layers_aHundredInstalledUsedAndUninstalled_areCollected() throws Exception {
        JavaProcess.Result result = run("leaks", PATH);
        assertPassed(
                result,
                "loaders of 100 layers still reachable: 0",
                "loaders still reachable while 20 old handles are held: 1");
    }

    @Test
    void watchedFolder_jarsComeBreakAndGo_followsWithoutAFailure() throws Exception {
        JavaProcess.Result result = run("watch", PATH);
        assertPassed(
                result,
                "half a jar is told once",
                "queries that failed",
                "what is there is installed when watch returns");
    }

    @Test
    void badJarsAndWrongUse_areOneClearErrorEach() throws Exception {
        JavaProcess.Result result = run("rules", PATH);
        assertPassed(result, "half a jar", "it failed at once", "it parked");
    }

    @Test
    void installedDriver_besideTheSameOnTheModulePath_goesBeforeIt() throws Exception {
        JavaProcess.Result result = run("precedence", PATH, DRIVER);
        assertPassed(
                result, "installed before the first use", "the path's JDBC base is shared, as it has the same version");
    }

    @Test
    void process_thatEndsWithADriverInstalled_leavesNoFile() throws Exception {
        JavaProcess.Result result = run("exit", PATH);
        assertPassed(result, "copies are there");
        try (var left = Files.list(folder.resolve("tmp"))) {
            assertEquals(List.of(), left.toList(), "temporary files");
        }
    }

    private static void assertPassed(JavaProcess.Result result, String... checks) {
        String all = result.output() + result.errors();
        System.out.println(result.output());
        assertFalse(result.output().contains("BROKEN"), all);
        for (String check : checks) {
            assertTrue(result.output().contains(check), () -> "no line says '" + check + "':\n" + all);
        }
        assertTrue(result.output().endsWith("PASSED\n"), all);
        assertEquals(0, result.exit(), all);
        assertFalse(result.errors().contains("restricted method"), result::errors);
    }

    private Path badJar() throws IOException {
        Path classes = folder.resolve("bad");
        JavaProcess.compile(classes, JavaProcess.files(Path.of("src", "bad", "java"), ".java"), "-p", PATH.toString());
        Path jar = folder.resolve("bad.jar");
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Path file : JavaProcess.files(classes, ".class")) {
                out.putNextEntry(
                        new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
                Files.copy(file, out);
            }
        }
        return jar;
    }

    private JavaProcess.Result run(String command, Path... path) throws IOException, InterruptedException {
        var modulePath = new ArrayList<String>();
        Path classes = folder.resolve("classes");
        modulePath.add(classes.toString());
        for (Path jars : path) {
            modulePath.add(jars.toString());
        }
        JavaProcess.compile(classes, JavaProcess.files(APPLICATION, ".java"), "-p", PATH.toString());
        Path temporary = Files.createDirectories(folder.resolve("tmp"));
        var arguments = new ArrayList<>(List.of(
                "-Xmx256m", "-Djava.io.tmpdir=" + temporary, "-p", String.join(File.pathSeparator, modulePath)));
        if (Runtime.version().feature() > 17) {
            // sqlite-jdbc loads a native library; this library hands its right to do so on to the layers
            boolean libraryOnThePath = List.of(path).contains(DRIVER);
            arguments.add("--enable-native-access=dev.bunary.orm" + (libraryOnThePath ? ",org.xerial.sqlitejdbc" : ""));
        }
        Path work = Files.createDirectories(folder.resolve("work"));
        arguments.addAll(List.of(
                "-m", "hotswap/hotswap.Main", command, DRIVER.toString(), PREVIOUS.toString(), work.toString()));
        arguments.add(String.valueOf(seed));
        arguments.add(badJar().toString());
        return JavaProcess.java(folder, arguments, LIMIT);
    }
}
