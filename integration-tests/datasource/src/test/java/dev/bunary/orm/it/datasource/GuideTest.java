package dev.bunary.orm.it.datasource;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bunary.orm.it.process.JavaProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java code of docs/datasource.md on the class path, as it is shown. */
@Tag("once")
final class GuideTest {
    @TempDir
    private Path folder;

    @Test
    void example_onTheClassPath_runs() throws Exception {
        String jars = JavaProcess.files(Path.of(System.getProperty("jars")), ".jar").stream()
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        Path classes = folder.resolve("classes");
        JavaProcess.compile(classes, List.of(example()), "-cp", jars);
        JavaProcess.Result result =
                JavaProcess.java(folder, List.of("-cp", classes + File.pathSeparator + jars, "Example"));
        assertEquals("Optional[Row{id=1, title=On Beauty}]\n", result.output(), result::errors);
        assertEquals(0, result.exit(), result::errors);
    }

    private Path example() throws IOException {
        String guide = Files.readString(Path.of(System.getProperty("project.root"), "docs", "datasource.md"));
        String code = guide.split("```java\\R", 2)[1].split("```", 2)[0];
        return Files.writeString(folder.resolve("Example.java"), """
                import dev.bunary.orm.*;
                import dev.bunary.orm.driver.*;
                import dev.bunary.orm.driver.datasource.*;
                import java.util.*;

                final class Example {
                    public static void main(String[] args) {
                """ + code + "    }\n}\n");
    }
}
