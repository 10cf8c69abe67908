package dev.bunary.orm.it.karaf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Karaf that runs in a process of its own; closing stops it. Driven by its own {@code bin/client}. */
final class Karaf implements AutoCloseable {
    private static final int FIRST_JAVA = 17;
    private static final int LAST_JAVA = 24; // 4.4.10 does not start on 25
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration BATCH_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    private final KarafFolder folder;
    private final Process process;
    private final Thread endWithTests;

    private Karaf(KarafFolder folder, Process process) {
        this.folder = folder;
        this.process = process;
        this.endWithTests = new Thread(process::destroyForcibly, "end Karaf");
        Runtime.getRuntime().addShutdownHook(endWithTests);
    }

    /** Skips the tests of a class where Karaf cannot run. */
    static void assumeJavaFits() {
        int java = Runtime.version().feature();
        assumeTrue(
                java >= FIRST_JAVA && java <= LAST_JAVA,
                () -> "Karaf 4.4.10 needs Java 17; this is Java " + java + ", so it is not tested here");
    }

    /** Starts it and waits until all features of its boot are there. */
    static Karaf start(KarafFolder folder) throws IOException, InterruptedException {
        // as `bin/karaf`, without a console; the script makes way for the JVM, so this process is Karaf itself
        var karaf = new Karaf(folder, process(folder, "console.log", "bin/karaf", "daemon"));
        try {
            karaf.awaitBoot();
        } catch (Throwable e) {
            karaf.close();
            throw e;
        }
        return karaf;
    }

    /** Runs shell commands in one session, and gives what they print. Fails at the first that fails. */
    String run(String... commands) throws IOException, InterruptedException {
        return run(List.of(commands));
    }

    /** The same. */
    String run(List<String> commands) throws IOException, InterruptedException {
        Answer answer = client(commands);
        assertEquals(0, answer.exitCode(), () -> commands + " gave " + answer.output() + "\n" + lastOfLog());
        return answer.output();
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(endWithTests);
        process.destroy(); // SIGTERM: Karaf stops its bundles in order
        try {
            if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("Karaf did not stop within " + STOP_LIMIT.toSeconds() + " s; " + lastOfLog());
            }
        } catch (InterruptedException interrupt) {
            throw new AssertionError("interrupted while Karaf stopped", interrupt);
        } finally {
            process.destroyForcibly();
        }
    }

    private void awaitBoot() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Answer answer;
        do {
            // the shell answers before the boot is over, and knows the command a little later than that
            answer = client(List.of("service:wait -t 60000 org.apache.karaf.features.BootFinished"));
            if (!process.isAlive() || System.nanoTime() - begin > START_LIMIT.toNanos()) {
                throw new AssertionError("Karaf did not start: " + answer.output() + "\n" + lastOfLog());
            }
        } while (answer.exitCode() != 0);
    }

    private Answer client(List<String> commands) throws IOException, InterruptedException {
        Path output = folder.path().resolve("client.log");
        Process client = process(folder, "client.log", "bin/client", "-b", "-u", "karaf", "-p", folder.password());
        try (var in = client.outputWriter()) {
            for (String command : commands) {
                in.write(command + "\n");
            }
        }
        if (!client.waitFor(BATCH_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            client.destroyForcibly();
            throw new AssertionError(commands + " did not end within " + BATCH_LIMIT.toSeconds() + " s; so far "
                    + Files.readString(output));
        }
        return new Answer(client.exitValue(), Files.readString(output));
    }

    private static Process process(KarafFolder folder, String output, String... command) throws IOException {
        var builder = new ProcessBuilder(command)
                .directory(folder.path().toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.path().resolve(output).toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("KARAF_") || name.startsWith("JAVA_"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder.start();
    }

    private String lastOfLog() {
        var lines = new ArrayList<String>();
        for (String file : List.of("console.log", "data/log/karaf.log")) {
            try {
                List<String> all = Files.readAllLines(folder.path().resolve(file));
                lines.addAll(all.subList(Math.max(0, all.size() - 40), all.size()));
            } catch (IOException e) {
                lines.add(file + " is not to be read: " + e);
            }
        }
        return String.join("\n", lines);
    }

    private record Answer(int exitCode, String output) {}
}
