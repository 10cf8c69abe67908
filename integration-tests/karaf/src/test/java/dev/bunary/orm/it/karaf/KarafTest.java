package dev.bunary.orm.it.karaf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The features, installed by Karaf's boot, and a consumer bundle in one Karaf: whatever replaces the driver under load, nothing fails and every
 * acknowledged write is in the table once. Each test leaves the features installed.
 */
@Timeout(120)
final class KarafTest {
    private static final String DRIVER = "dev.bunary.orm.driver.sqlite";
    private static final String LIBRARY = "org.xerial.sqlite-jdbc";

    @TempDir
    private static Path folder;

    private static KarafFolder karafFolder;
    private static Karaf karaf;

    @BeforeAll
    static void start() throws Exception {
        Karaf.assumeJavaFits();
        karafFolder = KarafFolder.unpackedIn(folder);
        Files.writeString(
                karafFolder.etc("bunary-orm.properties"),
                "connection.default.type=sqlite\nconnection.default.path=" + folder.resolve("app.sqlite") + "\n");
        karafFolder.append("system.properties", "bunary.orm.config = ${karaf.etc}/bunary-orm.properties");
        karafFolder.boot("bunary-orm", "bunary-orm-driver-sqlite");
        karaf = Karaf.start(karafFolder);
        karaf.run(
                "bundle:install -s mvn:dev.bunary/bunary-orm-soak/" + Jars.VERSION,
                "bundle:install -s " + Jars.probe(folder).toUri());
    }

    @AfterAll
    static void stop() throws Exception {
        if (karaf != null) {
            karaf.close();
        }
    }

    private long seed;

    @BeforeEach
    void chooseSeed() {
        seed = System.nanoTime();
        System.out.println("seed " + seed);
    }

    @Test
    void bundleUpdate_ofTheDriver_underLoad_losesNothingAndTouchesNothingElse() throws Exception {
        String answer = underLoad(
                "echo (probe:watch)",
                "bundle:update " + DRIVER + " " + driver("9.1.0"),
                "probe:serving 9.1.0",
                "probe:writes 100",
                "bundle:update " + DRIVER + " " + driver("9.2.0"),
                "probe:serving 9.2.0",
                "probe:writes 100",
                "bundle:stop " + DRIVER,
                "bundle:start " + DRIVER,
                "probe:serving 9.2.0",
                "probe:writes 100",
                "echo touched (probe:changes)",
                // any feature command puts back what the features name
                "feature:uninstall instance",
                "feature:install instance",
                "echo put back (probe:version)");
        assertNothingLost(answer);
        assertEquals(List.of("touched " + DRIVER), linesWith("touched ", answer));
        assertEquals(List.of("put back " + Jars.VERSION.replace('-', '.')), linesWith("put back ", answer));
    }

    @Test
    void featureUninstall_andInstall_ofTheDriver_underLoad_touchOnlyItsBundles() throws Exception {
        String answer = underLoad(
                "echo (probe:watch)",
                "feature:uninstall bunary-orm-driver-sqlite",
                "echo touched (probe:changes)",
                "feature:install bunary-orm-driver-sqlite",
                "probe:writes 100",
                "echo touched (probe:changes)");
        assertNothingLost(answer);
        String theirs = "touched " + DRIVER + " dev.bunary.orm.jdbc " + LIBRARY;
        assertEquals(List.of(theirs, theirs), linesWith("touched ", answer));
    }

    @Test
    void featureUpgrade_ofTheDriver_underLoad_touchesOnlyItsBundle() throws Exception {
        Path newer = folder.resolve("newer-features.xml");
        Files.writeString(newer, """
                <features name="newer" xmlns="http://karaf.apache.org/xmlns/features/v1.6.0">
                  <feature name="bunary-orm-driver-sqlite" version="9.4.0">
                    <feature>bunary-orm</feature>
                    <bundle>mvn:dev.bunary/bunary-orm-jdbc/%s</bundle>
                    <bundle>mvn:org.xerial/sqlite-jdbc/%s</bundle>
                    <bundle>%s</bundle>
                  </feature>
                </features>
                """.formatted(Jars.VERSION, System.getProperty("sqlite.version"), driver("9.4.0")));
        String answer = underLoad(
                "feature:repo-add " + newer.toUri(),
                "echo (probe:watch)",
                "feature:install --upgrade bunary-orm-driver-sqlite",
                "probe:serving 9.4.0",
                "probe:writes 100",
                "echo touched (probe:changes)",
                "feature:uninstall bunary-orm-driver-sqlite",
                "feature:repo-remove newer",
                "feature:install bunary-orm-driver-sqlite");
        assertNothingLost(answer);
        assertEquals(List.of("touched " + DRIVER), linesWith("touched ", answer));
    }

    @Test
    void driverJar_inDeploy_underLoad_servesUntilItIsDeleted() throws Exception {
        Path jar = karafFolder.path().resolve("deploy/other-driver.jar");
        String before =
                karaf.run("probe:load 4 " + seed, "echo (probe:version)").strip();
        // in one step, as Karaf looks every second and would take half a jar
        Files.move(Jars.driver("9.3.0", folder), jar, StandardCopyOption.ATOMIC_MOVE);
        karaf.run("probe:serving 9.3.0", "probe:writes 100");
        Files.delete(jar);
        assertNothingLost(karaf.run("probe:serving " + before, "probe:writes 100", "echo (probe:end)"));
    }

    @Test
    void sqliteJdbc_replacedAsTheGuideSaysAndBroughtBack_underLoad_losesNothing() throws Exception {
        String previous = System.getProperty("sqlite.previous.version");
        String current = System.getProperty("sqlite.version");
        var commands = new ArrayList<String>();
        for (String version : List.of(previous, current)) {
            for (String line : Guide.read().lines("library")) {
                commands.add(line.replace(previous, version));
                if (line.startsWith("bundle:refresh")) {
                    commands.add("probe:refreshed");
                }
            }
            commands.addAll(List.of("probe:writes 100", "echo library (probe:library)"));
        }
        String answer = underLoad(commands.toArray(String[]::new));
        assertNothingLost(answer);
        // sqlite-jdbc's versions begin with SQLite's
        List<String> served = linesWith("library ", answer);
        assertTrue(("library " + previous).startsWith(served.get(0)), answer);
        assertTrue(("library " + current).startsWith(served.get(1)), answer);
    }

    private String underLoad(String... commands) throws Exception {
        var batch = new ArrayList<String>(List.of("probe:load 4 " + seed, "probe:writes 100"));
        batch.addAll(List.of(commands));
        batch.add("echo (probe:end)");
        return karaf.run(batch);
    }

    private static String driver(String version) throws Exception {
        return Jars.driver(version, folder).toUri().toString();
    }

    private static List<String> linesWith(String start, String answer) {
        return answer.lines().filter(line -> line.startsWith(start)).toList();
    }

    private static void assertNothingLost(String answer) {
        System.out.println(answer);
        assertTrue(answer.contains("failed 0, ledger agrees, integrity ok"), answer);
    }
}
