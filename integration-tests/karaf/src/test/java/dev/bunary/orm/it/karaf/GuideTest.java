package dev.bunary.orm.it.karaf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Follows docs/karaf.md word by word, except that Karaf has no console: its client sends the same lines to the same
 * shell, all of them in one session, as a person would at the prompt.
 */
@Timeout(120)
final class GuideTest {
    private static final String END_OF_BLOCK = "end of block";

    @TempDir
    private Path folder;

    @Test
    void commands_ofTheGuide_printWhatItSays() throws Exception {
        Karaf.assumeJavaFits();
        Guide guide = Guide.read();
        KarafFolder karafFolder = KarafFolder.unpackedIn(folder);
        inShell(karafFolder, guide.lines("sh"));
        try (Karaf karaf = Karaf.start(karafFolder)) {
            String[] answers = karaf.run(commands(guide)).split(END_OF_BLOCK + "\\R");
            assertEquals(expected(guide), printed(guide, answers));
        }
    }

    @Test
    void readme_showsTheFirstCommandsOfTheGuide() throws Exception {
        List<Guide.Block> readme = Guide.ofReadme().blocks();
        List<Guide.Block> guide = Guide.read().blocks();
        assertEquals(2, readme.size());
        assertEquals(guide.subList(0, 2), readme);
    }

    private static void inShell(KarafFolder karafFolder, List<String> lines) throws Exception {
        assertTrue(!lines.isEmpty(), "no block for the shell");
        Process shell = new ProcessBuilder("sh", "-e", "-c", String.join("\n", lines))
                .directory(karafFolder.path().toFile())
                .inheritIO()
                .start();
        assertTrue(shell.waitFor(10, TimeUnit.SECONDS), "the shell did not end");
        assertEquals(0, shell.exitValue());
    }

    private static List<String> commands(Guide guide) {
        var commands = new ArrayList<String>();
        for (Guide.Block block : karafBlocks(guide)) {
            commands.addAll(block.lines());
            commands.add("echo " + END_OF_BLOCK);
        }
        return commands;
    }

    /** What each block for Karaf is said to print, in order. */
    private static List<List<String>> expected(Guide guide) {
        var expected = new ArrayList<List<String>>();
        for (Guide.Block block : guide.blocks()) {
            if (block.kind().equals("output")) {
                expected.set(expected.size() - 1, block.lines());
            } else if (block.kind().equals("karaf")) {
                expected.add(List.of());
            }
        }
        assertTrue(expected.stream().filter(lines -> !lines.isEmpty()).count() >= 3, expected::toString);
        return expected;
    }

    /** What each block printed; blocks of which nothing is said are left out of the comparison. */
    private static List<List<String>> printed(Guide guide, String[] answers) {
        List<List<String>> expected = expected(guide);
        assertEquals(expected.size(), answers.length, () -> String.join("---\n", answers));
        var printed = new ArrayList<List<String>>();
        for (int i = 0; i < answers.length; i++) {
            printed.add(
                    expected.get(i).isEmpty() ? List.of() : answers[i].lines().toList());
        }
        return printed;
    }

    private static List<Guide.Block> karafBlocks(Guide guide) {
        return guide.blocks().stream()
                .filter(block -> block.kind().equals("karaf"))
                .toList();
    }
}
