package dev.bunary.orm.it.classpath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.it.process.JavaProcess;
import dev.bunary.orm.it.process.Readme;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application of integration-tests/modulepath without its descriptor, in a process of its own. */
final class ClassPathTest {
    private static final Path APPLICATION =
            Path.of(System.getProperty("project.root"), "integration-tests", "modulepath", "src", "app", "java");
    /** What its application has in common with that of integration-tests/layers. */
    private static final Path LAYERS =
            Path.of(System.getProperty("project.root"), "integration-tests", "layers", "src", "app", "java", "hotswap");

    private static final Path JARS = Path.of(System.getProperty("jars"));
    private static final Path LOAD = Path.of(System.getProperty("load"));
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    private Path folder;

    @Test
    void application_withTheSqliteJarThere_findsByServiceLoader() throws Exception {
        JavaProcess.Result result = bookshop("find");
        assertEquals("""
                found Middlemarch
                in no module and no module
                driver dev.bunary.orm.driver.sqlite.SqliteDriverFactory by service loader
                """, result.output(), result::errors);
        assertFalse(result.errors().contains("WARN"), result::errors);
        assertEquals(0, result.exit());
    }

    @Test
    void customDriver_registered_takesPrecedenceAndIsEvictedWithItsRegistration() throws Exception {
        JavaProcess.Result result = bookshop("override");
        assertEquals("""
                before: text
                during: shelf, same handle false, by registerDriver
                the old handle follows: shelf
                shelf closed true
                after: text, same handle false
                """, result.output(), result::errors);
        assertTrue(result.errors().contains("connection 'default': sqlite rebound, generation 2"), result::errors);
        assertTrue(result.errors().contains("connection 'default': sqlite rebound, generation 3"), result::errors);
        assertEquals(0, result.exit());
    }

    @Test
    void unknownType_atFirstUse_failsAtOnceAndListsTheKnownOnes() throws Exception {
        JavaProcess.Result result = bookshop("unknown");
        assertTrue(result.output().startsWith("[sqlite]\n"), result::output);
        assertTrue(result.output().contains("known types: sqlite"), result::output);
        assertTrue(result.output().contains("registerDriver(\"postgres\""), result::output);
        assertEquals(3, result.exit());
    }

    @Test
    void readmeExample_onTheClassPath_runs() throws Exception {
        JavaProcess.Result result = run(List.of(Readme.writeExample(folder.resolve("sources"))), "example.Example");
        assertEquals("Ada is 37\n", result.output(), result::errors);
        assertEquals(0, result.exit());
    }

    @Test
    void readmeExample_asShown_hasAtMostTwelveLines() throws Exception {
        assertTrue(Readme.code("example").lines().count() <= 12);
    }

    @Test
    void readmeDriver_registeredForSqlite_servesQueriesAndTransactions() throws Exception {
        Path sources = folder.resolve("sources");
        Files.createDirectories(sources);
        Path driver = sources.resolve("PlainJdbcDriver.java");
        Files.writeString(
                driver,
                "import dev.bunary.orm.driver.*;\nimport java.sql.*;\nimport java.util.*;\n" + Readme.code("driver"));
        Path main = sources.resolve("Main.java");
        Files.writeString(main, """
                import dev.bunary.orm.*;
                import dev.bunary.orm.driver.*;
                import java.sql.*;
                import java.util.*;

                final class Main {
                    public static void main(String[] args) {
                        Bunary.registerDriver("sqlite", config -> new PlainJdbcDriver(open(config)));
                        Bunary.setOrmConfig(OrmConfig.of(DatabaseConfig.of("sqlite", Map.of("path", "own.sqlite"))));
                        Bunary.getDriver().exec("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT UNIQUE)");
                        Bunary.transaction(() -> Model.table("users").insertAll(List.of(Map.of("name", "Ada"), Map.of("name", "Bob"))));
                        try {
                            Bunary.transaction(() -> {
                                Model.table("users").where("name", "Ada").delete();
                                Model.table("users").insert(Map.of("name", "Bob"));
                            });
                        } catch (SqlException refused) {
                            System.out.println("refused, code " + refused.vendorCode());
                        }
                        System.out.println(Model.table("users").orderBy("name", "desc").all());
                        System.out.println(Bunary.drivers().get(0).factory().orElseThrow().origin());
                        Bunary.clearOrmConfig();
                    }

                    private static Connection open(DatabaseConfig config) {
                        try {
                            return new org.sqlite.jdbc4.JDBC4Connection("jdbc:sqlite:", config.require("path"), new Properties());
                        } catch (SQLException failure) {
                            throw new IllegalStateException(failure);
                        }
                    }
                }
                """);
        JavaProcess.Result result = run(List.of(driver, main), "Main");
        assertTrue(result.output().startsWith("refused, code 19\n"), result::output);
        assertTrue(result.output().matches("(?s).*Bob.*Ada.*\\R?registerDriver\\R"), result::output);
        assertEquals(0, result.exit());
        assertTrue(Readme.code("driver").lines().count() <= 25, "the driver in README.md has more than 25 lines");
    }

    /** A program that has no modules and no framework loads its drivers itself. */
    @Test
    void drivers_registeredAndTakenBackUnderLoad_loseNothingAndLeaveNothing() throws Exception {
        assertPassed(
                plain("load"),
                "nothing failed, nothing lost or doubled, the database is whole",
                "swaps: 57",
                "loaders reachable at the end: 0");
    }

    @Test
    void work_thatOutlastsTheDrain_isGivenUpAndToldSo() throws Exception {
        assertPassed(
                plain("deadline"),
                "the transaction was told that nothing of it is there",
                "the reader of the stream was told that nothing of it is there");
    }

    private static void assertPassed(JavaProcess.Result result, String... checks) {
        String all = result.output() + result.errors();
        System.out.println(result.output());
        assertFalse(result.output().contains("BROKEN"), all);
        for (String check : checks) {
            assertTrue(result.output().contains("ok: " + check), () -> "no line says '" + check + "':\n" + all);
        }
        assertTrue(result.output().endsWith("PASSED\n"), all);
        assertEquals(0, result.exit(), all);
    }

    /** Runs an application whose class path has the ORM and the load, and no driver. */
    private JavaProcess.Result plain(String command) throws IOException, InterruptedException {
        Path classes = folder.resolve("classes");
        String path = Stream.of(
                        classes,
                        JARS.resolve("bunary-orm.jar"),
                        JARS.resolve("bunary-orm-driver-api.jar"),
                        LOAD.resolve("bunary-orm-soak.jar"))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        var sources = new ArrayList<>(JavaProcess.files(Path.of("src", "app", "java"), ".java"));
        sources.add(LAYERS.resolve("Checks.java"));
        sources.add(LAYERS.resolve("Outlasting.java"));
        JavaProcess.compile(classes, sources, "-cp", path);
        var arguments = new ArrayList<>(List.of("-Xmx256m", "-cp", path));
        if (Runtime.version().feature() > 17) {
            arguments.add("--enable-native-access=ALL-UNNAMED");
        }
        Path work = Files.createDirectories(folder.resolve("work"));
        arguments.addAll(List.of(
                "-Djava.io.tmpdir=" + Files.createDirectories(folder.resolve("tmp")),
                "plain.Main",
                command,
                JARS.toString(),
                LOAD.resolve("sqlite-jdbc.jar").toString(),
                work.toString(),
                String.valueOf(new Random().nextLong(1_000_000))));
        JavaProcess.Result result = JavaProcess.java(folder, arguments, LIMIT);
        try (Stream<Path> left = Files.list(folder.resolve("tmp"))) {
            assertEquals(List.of(), left.toList(), "temporary files");
        }
        return result;
    }

    private JavaProcess.Result bookshop(String command) throws IOException, InterruptedException {
        List<Path> sources = JavaProcess.files(APPLICATION.resolve("bookshop"), ".java");
        return run(sources, "bookshop.Main", command);
    }

    private JavaProcess.Result run(List<Path> sources, String main, String... arguments)
            throws IOException, InterruptedException {
        Path classes = folder.resolve("classes");
        String jars = JavaProcess.files(JARS, ".jar").stream()
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        JavaProcess.compile(classes, sources, "-cp", jars);
        var command = new ArrayList<>(List.of("-cp", classes + File.pathSeparator + jars));
        if (Runtime.version().feature() > 17) {
            // sqlite-jdbc loads a native library, of which newer JDKs warn
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.add(main);
        command.addAll(List.of(arguments));
        return JavaProcess.java(folder, command);
    }
}
