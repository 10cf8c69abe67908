package dev.bunary.orm.it.process;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** The compiler and the launcher of the running JDK. */
public final class JavaProcess {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private JavaProcess() {}

    /**
     * What a process did.
     *
     * @param exit its exit code
     * @param output what it wrote to standard output, line ends as {@code \n}
     * @param errors what it wrote to standard error, where the log goes
     */
    public record Result(int exit, String output, String errors) {}

    /**
     * Compiles, and fails with the compiler's words if it does not like the sources.
     *
     * @param classes where the classes go
     * @param sources the files
     * @param path {@code -p} or {@code -cp} and the jars
     */
    public static void compile(Path classes, List<Path> sources, String... path) {
        var arguments = new ArrayList<>(List.of("--release", "17", "-d", classes.toString()));
        arguments.addAll(List.of(path));
        sources.forEach(source -> arguments.add(source.toString()));
        var output = new StringWriter();
        var writer = new PrintWriter(output, true);
        int exit = ToolProvider.findFirst("javac").orElseThrow().run(writer, writer, arguments.toArray(String[]::new));
        if (exit != 0) {
            throw new AssertionError("the application does not compile:\n" + output);
        }
    }

    /**
     * Runs {@code java} and waits for it, a minute at most.
     *
     * @param folder its working folder
     * @param arguments its arguments
     * @return what it did
     */
    public static Result java(Path folder, List<String> arguments) throws IOException, InterruptedException {
        return java(folder, arguments, LIMIT);
    }

    /**
     * Runs {@code java} and waits for it.
     *
     * @param folder its working folder
     * @param arguments its arguments
     * @param limit how long at most
     * @return what it did
     */
    public static Result java(Path folder, List<String> arguments, Duration limit)
            throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        Path output = Files.createTempFile(folder, "output", ".txt");
        Path errors = Files.createTempFile(folder, "errors", ".txt");
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        // options of the environment would be printed and would change what runs
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH"));
        Process process = builder.start();
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(
                        "still running after " + limit.toSeconds() + " s: " + text(output) + text(errors));
            }
            return new Result(process.exitValue(), text(output), text(errors));
        } finally {
            process.destroyForcibly();
        }
    }

    /**
     * The files with one ending below a folder.
     *
     * @param folder where to look
     * @param ending such as {@code .jar}
     * @return the files in order
     */
    public static List<Path> files(Path folder, String ending) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file).replace("\r\n", "\n");
    }
}
