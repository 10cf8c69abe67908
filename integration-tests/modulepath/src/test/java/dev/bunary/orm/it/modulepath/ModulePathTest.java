package dev.bunary.orm.it.modulepath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.it.process.JavaProcess;
import dev.bunary.orm.it.process.Readme;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application with {@code requires dev.bunary.orm;}, compiled and run from the jars in a process of its own. */
final class ModulePathTest {
    private static final Path APPLICATION = Path.of("src", "app", "java").toAbsolutePath();
    private static final Path JARS = Path.of(System.getProperty("jars"));

    @TempDir
    private Path folder;

    @Test
    void modulePath_withTheShippedJars_holdsNoOsgi() {
        var names = JavaProcess.files(JARS, ".jar").stream()
                .map(jar -> jar.getFileName().toString())
                .toList();
        assertEquals(
                List.of(
                        "bunary-orm-driver-api.jar",
                        "bunary-orm-driver-sqlite.jar",
                        "bunary-orm-jdbc.jar",
                        "bunary-orm.jar",
                        "sqlite-jdbc.jar"),
                names);
    }

    @Test
    void application_withTheSqliteModuleThere_findsByServiceLoader() throws Exception {
        JavaProcess.Result result = bookshop("find");
        assertEquals("""
                found Middlemarch
                in module dev.bunary.orm and module dev.bunary.orm.driver
                driver dev.bunary.orm.driver.sqlite by service loader
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
        assertTrue(result.output().contains("connection 'default' has no driver for type 'postgres'"), result::output);
        assertTrue(result.output().contains("known types: sqlite"), result::output);
        assertTrue(result.output().contains("registerDriver(\"postgres\""), result::output);
        assertEquals(3, result.exit());
    }

    @Test
    void readmeExample_onTheModulePath_runs() throws Exception {
        Path sources = folder.resolve("sources");
        var files = new ArrayList<>(List.of(Readme.writeExample(sources), sources.resolve("module-info.java")));
        Files.writeString(files.get(1), "module example {\n    requires dev.bunary.orm;\n}\n");
        JavaProcess.Result result = run(files, "example/example.Example");
        assertEquals("Ada is 37\n", result.output(), result::errors);
        assertEquals(0, result.exit());
    }

    private JavaProcess.Result bookshop(String command) throws IOException, InterruptedException {
        return run(JavaProcess.files(APPLICATION, ".java"), "bookshop/bookshop.Main", command);
    }

    private JavaProcess.Result run(List<Path> sources, String main, String... arguments)
            throws IOException, InterruptedException {
        Path classes = folder.resolve("classes");
        JavaProcess.compile(classes, sources, "-p", JARS.toString());
        var command = new ArrayList<>(List.of("-p", classes + File.pathSeparator + JARS));
        if (Runtime.version().feature() > 17) {
            // sqlite-jdbc loads a native library, of which newer JDKs warn
            command.add("--enable-native-access=org.xerial.sqlitejdbc");
        }
        command.addAll(List.of("-m", main));
        command.addAll(List.of(arguments));
        return JavaProcess.java(folder, command);
    }
}
