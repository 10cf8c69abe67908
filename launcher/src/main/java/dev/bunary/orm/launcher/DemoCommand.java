package dev.bunary.orm.launcher;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The main job in one command: a driver is swapped under load, and nothing fails or is lost. */
@Command(
        name = "demo",
        description = {
            "Fills a fresh SQLite database, puts threads of load on it and swaps the driver under them.",
            "With --db: reads the given SQLite file, and does not change it."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class)
final class DemoCommand implements Callable<Integer> {
    private static final byte[] SQLITE_MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

    @Spec
    private CommandSpec spec;

    @Option(names = "--db", paramLabel = "PATH", description = "Read this SQLite file instead.")
    private @Nullable Path database;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "4",
            description = "Threads of load, 1 to 64; ${DEFAULT-VALUE}.")
    private int threads;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "15",
            description = "Seconds of load besides the swaps, 1 to 3600; ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(names = "--seed", paramLabel = "N", description = "Repeats the choices of an earlier run.")
    private @Nullable Long seed;

    @Override
    public Integer call() throws Exception {
        requireBetween("--threads", threads, 1, 64);
        requireBetween("--seconds", seconds, 1, 3600);
        // the demo tells of each swap itself
        Logging.oneLine(Level.WARNING);
        boolean clean = database == null ? swapUnderLoad() : read(requireSqlite(database));
        return clean ? 0 : 1;
    }

    private boolean swapUnderLoad() throws IOException, BundleException {
        try (var closing = new Closing()) {
            Path folder = closing.add(TempFolder.create("bunary-demo")).path();
            Map<String, String> connection =
                    Map.of("path", folder.resolve("demo.sqlite").toString());
            var framework = boot(closing, folder, connection);
            Map<String, Object> request = request(new DemoSwaps(framework, Layout.ofThisProcess(), folder).all());
            request.put("threads", threads);
            request.put("seconds", seconds);
            request.put("seed", seed == null ? new Random().nextInt(1_000_000) : seed);
            return run(closing, framework, "load", request);
        }
    }

    private boolean read(Path file) throws IOException, BundleException {
        try (var closing = new Closing()) {
            Path folder = closing.add(TempFolder.create("bunary-demo")).path();
            var framework = boot(closing, folder, Map.of("path", file.toString(), "readOnly", "true"));
            return run(
                    closing,
                    framework,
                    "browse",
                    request(new DemoSwaps(framework, Layout.ofThisProcess(), folder).one()));
        }
    }

    private EmbeddedFramework boot(Closing closing, Path folder, Map<String, String> connection)
            throws IOException, BundleException {
        Path config = ConnectionFile.write(folder.resolve("demo.properties"), "sqlite", connection);
        var framework = closing.add(EmbeddedFramework.boot(
                folder.resolve("framework"), Map.of(ConnectionFile.PROPERTY, config.toString())));
        var jars = new ArrayList<>(Layout.ofThisProcess().bundles());
        jars.addAll(Layout.ofThisProcess().demo());
        framework.installAndStart(jars);
        out().println("Bunary ORM %s, %s, Java %s, database %s"
                .formatted(
                        Main.Versions.version(),
                        framework.version(),
                        Runtime.version().feature(),
                        connection.get("path")));
        return framework;
    }

    private Map<String, Object> request(Map<String, Runnable> swaps) {
        PrintWriter lines = out();
        Consumer<String> out = line -> {
            lines.println(line);
            lines.flush();
        };
        return new HashMap<>(Map.of("out", out, "swaps", swaps));
    }

    /** Calls the consumer bundle; it has other classes than the launcher, so both speak in types of the JDK. */
    @SuppressWarnings("unchecked") // the contract of the service, see the soak bundle's activator
    private static boolean run(Closing closing, EmbeddedFramework framework, String run, Map<String, Object> request) {
        Function<Map<String, ?>, Map<String, ?>> door = framework.service(Function.class, "(bunary.soak=" + run + ")");
        try {
            return (Boolean) door.apply(request).get("clean");
        } catch (RuntimeException failure) {
            throw closing.processEnds() ? new LauncherException("ended before it was done", failure) : failure;
        }
    }

    private static Path requireSqlite(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new LauncherException(
                    file + (Files.exists(file) ? " is not a file" : " does not exist") + "; name a SQLite file");
        }
        if (!Files.isReadable(file)) {
            throw new LauncherException(file + " cannot be read; check its permissions");
        }
        try (var in = Files.newInputStream(file)) {
            if (!Arrays.equals(in.readNBytes(SQLITE_MAGIC.length), SQLITE_MAGIC)) {
                throw new LauncherException(file + " is not a SQLite database; name a SQLite file");
            }
        }
        return file.toRealPath();
    }

    private void requireBetween(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    spec.commandLine(), option + " is " + value + "; give a number from " + least + " to " + most);
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
