package dev.bunary.orm.it.datasource;

import dev.bunary.orm.it.framework.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** H2's TCP server in a process of its own, on 127.0.0.1 and a free port; stopping it ends that process. */
final class H2Server {
    static final String USER = "sa";
    static final String PASSWORD = "first";
    private static final long LIMIT_SECONDS = 30;
    private static final Pattern STARTED = Pattern.compile("TCP server running at tcp://[^:]+:(\\d+) .*");

    private final Process process;
    private final int port;

    private H2Server(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static H2Server start(Path folder) throws IOException {
        Path output = folder.resolve("server.txt");
        Process process = new ProcessBuilder(java(
                        "-Dh2.bindAddress=127.0.0.1",
                        "org.h2.tools.Server",
                        "-tcp",
                        "-tcpPort",
                        "0",
                        "-ifNotExists",
                        "-baseDir",
                        folder.toString()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        // for a run that is ended before its tests are
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "h2-server-end"));
        try {
            return new H2Server(process, awaitPort(process, output));
        } catch (Throwable failure) {
            process.destroyForcibly();
            throw failure;
        }
    }

    private static int awaitPort(Process process, Path output) {
        var port = new int[1];
        Await.until(
                () -> {
                    port[0] = port(output);
                    return port[0] > 0 || !process.isAlive();
                },
                () -> text(output));
        if (port[0] == 0) {
            throw new AssertionError("the server ended: " + text(output));
        }
        return port[0];
    }

    private static int port(Path output) {
        Matcher line = STARTED.matcher(text(output));
        return line.find() ? Integer.parseInt(line.group(1)) : 0;
    }

    private static String text(Path output) {
        try {
            return Files.exists(output) ? Files.readString(output) : "";
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    String url() {
        return "jdbc:h2:tcp://127.0.0.1:" + port + "/./app";
    }

    /** How many sessions the server has, the one that asks left out. Asked by a process of its own. */
    int sessions() throws IOException, InterruptedException {
        Process shell = new ProcessBuilder(java(
                        "-Xmx64m",
                        "org.h2.tools.Shell",
                        "-url",
                        url(),
                        "-user",
                        USER,
                        "-password",
                        PASSWORD,
                        "-sql",
                        "SELECT 'sessions=' || COUNT(*) FROM INFORMATION_SCHEMA.SESSIONS"))
                .redirectErrorStream(true)
                .start();
        String printed;
        try (BufferedReader reader = shell.inputReader()) {
            printed = String.join("\n", reader.lines().toList());
        }
        if (!shell.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            shell.destroyForcibly();
            throw new AssertionError("the shell hangs");
        }
        Matcher count = Pattern.compile("sessions=(\\d+)").matcher(printed);
        if (!count.find()) {
            throw new AssertionError("no count: " + printed);
        }
        return Integer.parseInt(count.group(1)) - 1;
    }

    private static List<String> java(String... arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-cp");
        command.add(Jars.H2.toString());
        command.addAll(List.of(arguments));
        return command;
    }

    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
