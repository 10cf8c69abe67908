package dev.bunary.orm.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MainTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @ValueSource(strings = {"help", "--help", "-h"})
    void help_listsTheCommandsAndExitCodes(String argument) {
        assertEquals(0, run(argument));
        assertTrue(out.toString().contains("demo"), out.toString());
        assertTrue(out.toString().contains("start"), out.toString());
        assertTrue(out.toString().contains("Exit codes"), out.toString());
    }

    @Test
    void help_ofStart_showsTheFileAndItsPlaceholders() {
        assertEquals(0, run("help", "start"));
        assertTrue(out.toString().contains("connection.reports.password=${env:REPORTS_PASSWORD}"), out.toString());
    }

    @Test
    void version_isPrinted() {
        assertEquals(0, run("--version"));
        assertTrue(out.toString().startsWith("bunary "), out.toString());
    }

    @Test
    void noCommand_isWrongUse() {
        assertEquals(2, run());
        assertTrue(err.toString().contains("Usage: bunary"), err.toString());
    }

    @Test
    void unknownCommand_isWrongUse() {
        assertEquals(2, run("dance"));
        assertTrue(err.toString().contains("dance"), err.toString());
    }

    @Test
    void unknownOption_isWrongUse() {
        assertEquals(2, run("demo", "--colour"));
        assertTrue(err.toString().contains("Usage: bunary demo"), err.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--threads=0", "--threads=65", "--threads=x", "--seconds=0", "--seconds=-1", "--seed=x"})
    void demo_aNumberOutOfBounds_isWrongUse(String option) {
        assertEquals(2, run("demo", option));
        assertTrue(err.toString().contains(option.substring(0, option.indexOf('='))), err.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--swaps=0",
                "--swaps=10001",
                "--threads=0",
                "--threads=65",
                "--seconds=0",
                "--mode=none",
                "--runtime=none",
                "--max-pause-ratio=0",
                "--max-pause-ratio=NaN",
                "--max-pause-ratio=x",
                "--seed=x"
            })
    void soak_aWrongOption_isWrongUse(String option) {
        assertEquals(2, run("soak", option));
        assertTrue(err.toString().contains(option.substring(0, option.indexOf('='))), err.toString());
    }

    @Test
    void soak_jsonIntoAMissingFolder_failsInOneLineBeforeTheRun() {
        assertEquals(1, run("soak", "--json", folder.resolve("absent/soak.json").toString()));
        assertOneLine("name a file in a folder that exists");
    }

    @Test
    void help_ofSoak_namesEveryModeAndRuntime() {
        assertEquals(0, run("help", "soak"));
        assertTrue(out.toString().contains("felix, layers; felix."), out.toString());
        for (SwapMode mode : SwapMode.values()) {
            assertTrue(out.toString().contains("  " + mode + " "), out.toString());
        }
    }

    @Test
    void demo_aMissingDatabase_failsInOneLine() {
        assertEquals(1, run("demo", "--db", folder.resolve("absent.sqlite").toString()));
        assertOneLine("absent.sqlite does not exist");
    }

    @Test
    void demo_aFolderAsDatabase_failsInOneLine() {
        assertEquals(1, run("demo", "--db", folder.toString()));
        assertOneLine("is not a file");
    }

    @Test
    void demo_anotherFileAsDatabase_failsInOneLine() throws Exception {
        Path text = Files.writeString(folder.resolve("text.db"), "SQLite is what this is not");

        assertEquals(1, run("demo", "--db", text.toString()));
        assertOneLine("is not a SQLite database");
    }

    @Test
    void start_aMissingConfiguration_failsInOneLine() {
        assertEquals(
                1, run("start", "--config", folder.resolve("absent.properties").toString()));
        assertOneLine("absent.properties does not exist");
    }

    @Test
    void start_aMissingDriversFolder_failsInOneLine() {
        assertEquals(1, run("start", "--drivers", folder.resolve("absent").toString()));
        assertOneLine("does not exist; create it");
    }

    @Test
    void start_aStorageFolderWithFilesOfTheUser_failsInOneLineAndDeletesNothing() throws Exception {
        Path precious = Files.writeString(folder.resolve("precious.txt"), "mine");

        assertEquals(1, run("start", "--storage", folder.toString()));
        assertOneLine("holds precious.txt, which the framework would delete");
        assertTrue(Files.exists(precious));
    }

    @Test
    void failure_verbose_showsTheStack() {
        assertEquals(
                1, run("demo", "-v", "--db", folder.resolve("absent.sqlite").toString()));
        assertTrue(err.toString().contains("\tat "), err.toString());
    }

    private void assertOneLine(String part) {
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().startsWith("bunary: "), err.toString());
        assertTrue(err.toString().contains(part), err.toString());
        assertFalse(err.toString().contains("\tat "), err.toString());
    }

    private int run(String... args) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }
}
