package dev.bunary.orm.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Version;

/** The drop-in folder on a real Felix, with a library that a user bundle is wired to. */
final class DeploymentTest {
    private static final String LIB = "org.example.lib;singleton:=true";

    @TempDir
    private Path temp;

    private final List<String> lines = new ArrayList<>();
    private EmbeddedFramework framework;
    private Path drivers;
    private DropFolder folder;
    private Deployment deployment;

    @BeforeEach
    void boot() throws Exception {
        drivers = Files.createDirectory(temp.resolve("drivers"));
        framework = EmbeddedFramework.boot(temp.resolve("framework"), Map.of());
        Path lib = lib(temp.resolve("lib.jar"), "1.0.0");
        Path user = user(temp.resolve("user.jar"), "[1,2)");
        framework.installAndStart(List.of(lib, user));
        folder = new DropFolder(drivers);
        deployment = new Deployment(
                framework, Files.createDirectory(temp.resolve("staging")), List.of(lib, user), lines::add);
    }

    @AfterEach
    void stop() throws BundleException {
        framework.close();
    }

    @Test
    void apply_aNewBundle_isInstalledAndStarted() throws Exception {
        Jars.bundle(drivers.resolve("a.jar"), "org.example.a", "1.0.0");

        look();

        assertRuns("org.example.a", "1.0.0");
        assertEquals(List.of("installed org.example.a 1.0.0 from a.jar"), lines);
    }

    @Test
    void apply_aReplacedFile_updatesTheSameBundle() throws Exception {
        Jars.bundle(drivers.resolve("a.jar"), "org.example.a", "1.0.0");
        look();
        Bundle before = framework.bundle("org.example.a");
        Jars.bundle(drivers.resolve("a.jar"), "org.example.a", "1.1.0");

        look();

        assertSame(before, assertRuns("org.example.a", "1.1.0"));
        assertEquals("updated org.example.a 1.0.0 to org.example.a 1.1.0 from a.jar", lines.get(1));
    }

    @Test
    void apply_aDeletedFile_uninstallsItsBundle() throws Exception {
        Path jar = Jars.bundle(drivers.resolve("a.jar"), "org.example.a", "1.0.0");
        look();
        Files.delete(jar);

        look();

        assertEquals(0, count("org.example.a"));
        assertEquals("uninstalled org.example.a 1.0.0, as a.jar is gone", lines.get(1));
    }

    @Test
    void apply_otherVersionOfAnOrdinaryBundle_isInstalledBesideIt() throws Exception {
        Jars.bundle(drivers.resolve("a-1.jar"), "org.example.a", "1.0.0");
        look();
        Jars.bundle(drivers.resolve("a-2.jar"), "org.example.a", "2.0.0");

        look();

        assertEquals(2, count("org.example.a"));
    }

    @Test
    void apply_newFileOfAnInstalledSingleton_updatesItAndItsUserRunsOnTheNewOne() throws Exception {
        Bundle before = framework.bundle("org.example.lib");
        lib(drivers.resolve("lib-1.1.jar"), "1.1.0");

        look();

        assertSame(before, assertRuns("org.example.lib", "1.1.0"));
        assertEquals(Bundle.ACTIVE, framework.bundle("org.example.user").getState());
        assertEquals(1, count("org.example.lib"));
    }

    @Test
    void apply_theDroppedSingletonIsDeleted_bringsTheShippedOneBack() throws Exception {
        Path jar = lib(drivers.resolve("lib-1.1.jar"), "1.1.0");
        look();
        Files.delete(jar);

        look();

        assertRuns("org.example.lib", "1.0.0");
        assertRuns("org.example.user", "1.0.0");
        assertTrue(Files.exists(temp.resolve("lib.jar")), "the shipped jar was deleted");
    }

    @Test
    void apply_aSupersededSingletonIsDeleted_changesNothing() throws Exception {
        Path older = lib(drivers.resolve("lib-1.1.jar"), "1.1.0");
        look();
        lib(drivers.resolve("lib-1.2.jar"), "1.2.0");
        look();
        Files.delete(older);
        lines.clear();

        look();

        assertRuns("org.example.lib", "1.2.0");
        assertEquals(List.of(), lines);
    }

    @Test
    void apply_aTruncatedReplacement_keepsTheRunningBundle() throws Exception {
        Jars.bundle(drivers.resolve("a.jar"), "org.example.a", "1.0.0");
        look();
        Jars.truncate(Jars.bundle(drivers.resolve("a.jar"), "org.example.a", "1.1.0"), 0.6);

        look();

        assertRuns("org.example.a", "1.0.0");
        assertEquals(2, lines.size());
        assertTrue(lines.get(1).startsWith("rejected a.jar: it is no complete jar"), lines.get(1));
        assertTrue(lines.get(1).endsWith("org.example.a 1.0.0 stays"), lines.get(1));
    }

    @Test
    void apply_aTruncatedReplacementThatIsCompletedLater_isApplied() throws Exception {
        Jars.bundle(drivers.resolve("a.jar"), "org.example.a", "1.0.0");
        look();
        Jars.truncate(Jars.bundle(drivers.resolve("a.jar"), "org.example.a", "1.1.0"), 0.6);
        look();
        Jars.bundle(drivers.resolve("a.jar"), "org.example.a", "1.1.0");

        look();

        assertRuns("org.example.a", "1.1.0");
    }

    @Test
    void apply_somethingThatIsNoJar_isOneLineAndChangesNothing() throws Exception {
        Files.writeString(drivers.resolve("notes.jar"), "no jar");
        Bundle[] before = framework.context().getBundles();

        look();
        look();

        assertEquals(Arrays.asList(before), Arrays.asList(framework.context().getBundles()));
        assertEquals(1, lines.size());
        assertTrue(lines.get(0).endsWith("nothing has changed"), lines.get(0));
    }

    @Test
    void apply_aBundleThatDoesNotResolve_isNotInstalledAndNamesWhatIsMissing() throws Exception {
        Jars.bundle(drivers.resolve("a.jar"), "org.example.a", "1.0.0", Map.of("Import-Package", "org.example.absent"));

        look();

        assertEquals(0, count("org.example.a"));
        assertEquals(1, lines.size());
        assertTrue(lines.get(0).contains("it does not resolve: nothing provides osgi.wiring.package"), lines.get(0));
        assertTrue(lines.get(0).contains("org.example.absent"), lines.get(0));
    }

    @Test
    void apply_whatAWaitingBundleNeedsComesLater_installsBoth() throws Exception {
        Jars.bundle(drivers.resolve("a.jar"), "org.example.a", "1.0.0", Map.of("Import-Package", "org.example.late"));
        look();
        Jars.bundle(drivers.resolve("z.jar"), "org.example.z", "1.0.0", Map.of("Export-Package", "org.example.late"));

        look();

        assertRuns("org.example.a", "1.0.0");
        assertRuns("org.example.z", "1.0.0");
    }

    @Test
    void apply_aSingletonThatItsUserDoesNotAccept_isRejectedAndTheRunningOneStays() throws Exception {
        lib(drivers.resolve("lib-2.jar"), "2.0.0");

        look();

        assertRuns("org.example.lib", "1.0.0");
        assertRuns("org.example.user", "1.0.0");
        assertTrue(lines.get(0).contains("org.example.user 1.0.0 would no longer resolve"), lines.get(0));
        assertTrue(lines.get(0).endsWith("; org.example.lib 1.0.0 stays"), lines.get(0));
    }

    @Test
    void apply_aReplacementThatDoesNotStart_putsTheOldOneBack() throws Exception {
        Jars.bundle(drivers.resolve("a.jar"), "org.example.a", "1.0.0");
        look();
        Jars.bundle(
                drivers.resolve("a.jar"), "org.example.a", "1.1.0", Map.of("Bundle-Activator", "org.example.Absent"));

        look();

        assertRuns("org.example.a", "1.0.0");
        assertTrue(lines.get(1).startsWith("rejected a.jar: it does not start"), lines.get(1));
    }

    @Test
    void apply_aNewBundleThatDoesNotStart_isNotInstalled() throws Exception {
        Jars.bundle(
                drivers.resolve("a.jar"), "org.example.a", "1.1.0", Map.of("Bundle-Activator", "org.example.Absent"));

        look();

        assertEquals(0, count("org.example.a"));
    }

    @Test
    void apply_anotherBundleInTheSameFile_takesItsPlace() throws Exception {
        Jars.bundle(drivers.resolve("a.jar"), "org.example.a", "1.0.0");
        look();
        Jars.bundle(drivers.resolve("a.jar"), "org.example.b", "1.0.0.later");

        look();

        assertEquals(0, count("org.example.a"));
        assertRuns("org.example.b", "1.0.0.later");
    }

    @Test
    void apply_manyChanges_keepsOnlyTheCopiesInUse() throws Exception {
        for (int i = 0; i < 5; i++) {
            Jars.bundle(drivers.resolve("a.jar"), "org.example.a", "1.0." + (i % 2 == 0 ? "100" + i : "2"));
            look();
        }
        Jars.truncate(drivers.resolve("a.jar"), 0.5);
        look();

        try (Stream<Path> copies = Files.list(temp.resolve("staging"))) {
            assertEquals(1, copies.count());
        }
    }

    private void look() throws IOException, InterruptedException {
        deployment.apply(folder.look());
        deployment.apply(folder.look());
        deployment.apply(folder.look());
    }

    private Bundle assertRuns(String symbolicName, String version) {
        Bundle bundle = framework.bundle(symbolicName);
        assertEquals(Version.parseVersion(version), bundle.getVersion(), lines.toString());
        assertEquals(Bundle.ACTIVE, bundle.getState(), lines.toString());
        return bundle;
    }

    private long count(String symbolicName) {
        return Arrays.stream(framework.context().getBundles())
                .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
                .count();
    }

    private static Path lib(Path file, String version) throws IOException {
        return Jars.bundle(file, LIB, version, Map.of("Export-Package", "org.example.lib;version=\"" + version + "\""));
    }

    private static Path user(Path file, String range) throws IOException {
        return Jars.bundle(
                file,
                "org.example.user",
                "1.0.0",
                Map.of("Import-Package", "org.example.lib;version=\"" + range + "\""));
    }
}
