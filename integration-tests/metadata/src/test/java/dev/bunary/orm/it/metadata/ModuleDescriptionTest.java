package dev.bunary.orm.it.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The module descriptor of each jar, as {@code jar --describe-module} prints it, against the text in {@code goldens}.
 * After a change on purpose: {@code mvn verify -Dgoldens.update=true}, and read the difference.
 */
final class ModuleDescriptionTest {
    private static final Path GOLDENS = Path.of("src", "test", "resources", "goldens");

    static List<ShippedJar> jars() {
        return ShippedJar.ALL;
    }

    @ParameterizedTest
    @MethodSource("jars")
    void jar_described_isAsWritten(ShippedJar jar) throws IOException {
        String described = describe(jar.file());
        Path golden = GOLDENS.resolve(jar.artifact() + ".txt");
        if (Boolean.getBoolean("goldens.update")) {
            Files.writeString(golden, described);
        }
        assertEquals(Files.readString(golden), described, () -> "the module descriptor of " + jar + " changed");
    }

    /** The tool's text without the jar's path, in one order. */
    private static String describe(Path jar) {
        var out = new StringWriter();
        var errors = new StringWriter();
        int exit = ToolProvider.findFirst("jar")
                .orElseThrow()
                .run(
                        new PrintWriter(out, true),
                        new PrintWriter(errors, true),
                        "--describe-module",
                        "--file",
                        jar.toString());
        assertEquals(0, exit, errors::toString);
        return out.toString()
                .lines()
                .map(line -> line.replaceFirst(" jar:file:.*", "").strip())
                .filter(line -> !line.isEmpty())
                .sorted()
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
