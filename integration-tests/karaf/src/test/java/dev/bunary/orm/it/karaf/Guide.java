package dev.bunary.orm.it.karaf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The blocks of docs/karaf.md, in order.
 *
 * @param blocks each with its kind: {@code sh} for a shell in Karaf's folder, {@code karaf} for Karaf's prompt,
 *     {@code output} for what the block before prints
 */
record Guide(List<Block> blocks) {
    private static final Path ROOT = Path.of(System.getProperty("project.root"));
    private static final Pattern BLOCK = Pattern.compile("^```(\\w+)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    static Guide read() throws IOException {
        return of(ROOT.resolve("docs/karaf.md"));
    }

    /** The blocks of README.md that are for a shell or for Karaf. */
    static Guide ofReadme() throws IOException {
        return new Guide(of(ROOT.resolve("README.md")).blocks().stream()
                .filter(block -> List.of("sh", "karaf").contains(block.kind()))
                .toList());
    }

    private static Guide of(Path file) throws IOException {
        var blocks = new ArrayList<Block>();
        Matcher matcher = BLOCK.matcher(Files.readString(file));
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), matcher.group(2).lines().toList()));
        }
        return new Guide(blocks);
    }

    /** The lines of all blocks of a kind. */
    List<String> lines(String kind) {
        return blocks.stream()
                .filter(block -> block.kind().equals(kind))
                .flatMap(block -> block.lines().stream())
                .toList();
    }

    /**
     * What stands between two fences.
     *
     * @param kind the word after the first fence
     * @param lines its lines
     */
    record Block(String kind, List<String> lines) {}
}
