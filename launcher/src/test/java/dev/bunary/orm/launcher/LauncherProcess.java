package dev.bunary.orm.launcher;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The command line as a process of its own, started from the folder that the build has made. */
final class LauncherProcess implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(120);

    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private final Thread reader = new Thread(this::read, "launcher-output");
    private boolean ended;

    private LauncherProcess(Process process) {
        this.process = process;
        reader.setDaemon(true);
        reader.start();
    }

    static LauncherProcess start(Path temp, Map<String, String> environment, String... args) throws IOException {
        Path home = Path.of(System.getProperty("bunary.home"));
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of(
                "-Dbunary.home=" + home,
                "-Djava.io.tmpdir=" + temp,
                "-cp",
                home.resolve("lib") + File.separator + "*",
                Main.class.getName()));
        command.addAll(List.of(args));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return new LauncherProcess(builder.start());
    }

    /** Waits for a line that holds a text, and gives it. */
    synchronized String await(String part) throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            for (String line : lines) {
                if (line.contains(part)) {
                    return line;
                }
            }
            long left = deadline - System.nanoTime();
            if (ended || left <= 0) {
                throw new TimeoutException("no line with '" + part + "' in:\n" + output());
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** Waits for the end. */
    int exitCode() throws InterruptedException, TimeoutException {
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new TimeoutException("the process does not end:\n" + output());
        }
        reader.join(LIMIT.toMillis());
        return process.exitValue();
    }

    /** Asks the process to end, as SIGTERM does. */
    void terminate() {
        process.destroy();
    }

    synchronized String output() {
        return String.join("\n", lines);
    }

    /** Ends the process if a test has left it running. */
    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void read() {
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                add(line);
            }
        } catch (IOException closed) {
            add("output ended: " + closed);
        }
        end();
    }

    private synchronized void add(String line) {
        lines.add(line);
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }
}
