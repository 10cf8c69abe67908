package dev.bunary.orm.it.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Java code in README.md, so that what is shown is what was compiled and run. */
public final class Readme {
    private static final Path FILE = Path.of(System.getProperty("project.root"), "README.md");

    private Readme() {}

    /**
     * The code block after the comment {@code <!-- compiled by a test: NAME -->}.
     *
     * @param name the name in the comment
     * @return the code, without the fences
     */
    public static String code(String name) throws IOException {
        String marker = "<!-- compiled by a test: " + name + " -->";
        Matcher block = Pattern.compile(Pattern.quote(marker) + "\\R```java\\R(.*?)\\R```", Pattern.DOTALL)
                .matcher(Files.readString(FILE));
        if (!block.find()) {
            throw new AssertionError("README.md has no Java block after " + marker);
        }
        return block.group(1);
    }

    /**
     * Writes the example as a main class that has README's imports.
     *
     * @param sources where to
     * @return the file
     */
    public static Path writeExample(Path sources) throws IOException {
        Path file = sources.resolve("example").resolve("Example.java");
        Files.createDirectories(file.getParent());
        Files.writeString(
                file,
                "package example;\n" + code("imports") + "\npublic final class Example {\n"
                        + "    public static void main(String[] args) {\n" + code("example") + "\n    }\n}\n");
        return file;
    }
}
