package dev.bunary.orm.launcher;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A bounded run of swaps under load, with every promise checked, that anyone can repeat. */
@Command(
        name = "soak",
        description = {
            "Swaps the driver many times under load, and checks every promise.",
            "Ends with 1 if an operation failed, a write is lost, doubled or torn,",
            "work was ended by force, or a class loader, thread, JDBC driver,",
            "native library or file is left."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class,
        footerHeading = "%nThe modes:%n",
        footer = {
            "  update     updates the driver in place",
            "  restart    takes the driver away and brings the same back",
            "  reinstall  uninstalls the driver and installs a new version",
            "  rank       has a second driver take precedence over the first, and go",
            "  config     changes the tuning of the connection; handles taken before go on",
            "  library    replaces sqlite-jdbc by another version, and back",
            "  mixed      one of these each time, as the seed says"
        })
final class SoakCommand implements Callable<Integer> {
    private static final String STANDARD_OUT = "-";

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--swaps",
            paramLabel = "N",
            defaultValue = "200",
            description =
                    "Swaps to make, 1 to 10000; ${DEFAULT-VALUE}. Fewer are made if they do not fit into the time.")
    private int swaps;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "8",
            description = "Threads of load, 1 to 64; ${DEFAULT-VALUE}.")
    private int threads;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "60",
            description = "Seconds of load, 1 to 3600; ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            defaultValue = "mixed",
            description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE}.")
    private SwapMode mode;

    @Option(
            names = "--runtime",
            paramLabel = "RUNTIME",
            defaultValue = "felix",
            description = {
                "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE}.",
                "felix: the drivers are bundles; layers: they are module layers of a plain 'java -p' process."
            })
    private RuntimeKind runtime;

    @Option(
            names = "--max-pause-ratio",
            paramLabel = "N",
            description = "How many times as long as the same swaps without load the median pause may be; no limit.")
    private double maxPauseRatio = Double.POSITIVE_INFINITY;

    @Option(names = "--seed", paramLabel = "N", description = "Repeats the choices of an earlier run.")
    private @Nullable Long seed;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            arity = "0..1",
            fallbackValue = STANDARD_OUT,
            description = {
                "Write the figures as JSON to a file; without one, or with '-',",
                "to standard output, and the lines to standard error."
            })
    private @Nullable String json;

    @Override
    public Integer call() throws Exception {
        requireBetween("--swaps", swaps, 1, 10_000);
        requireBetween("--threads", threads, 1, 64);
        requireBetween("--seconds", seconds, 1, 3600);
        requireFolderOf(json);
        if (!(maxPauseRatio > 0)) {
            throw new ParameterException(
                    spec.commandLine(), "--max-pause-ratio is " + maxPauseRatio + "; give a number above 0");
        }
        if (runtime == RuntimeKind.LAYERS && !ModuleProcess.isThis()) {
            return ModuleProcess.run(spec.root().commandLine().getParseResult().originalArgs());
        }
        // one line per swap would hide what counts; a forced end is a warning
        Logging.oneLine(Level.WARNING);
        Map<String, Object> figures =
                new SoakRun(runtime::boot, mode, plan(), this::say, SoakRun.COLLECTION_LIMIT).run();
        figures.put("runtime", runtime.toString());
        writeJson(figures);
        return verdict(figures) ? 0 : 1;
    }

    private SoakPlan plan() {
        return new SoakPlan(
                swaps, threads, seconds, seed == null ? new Random().nextInt(1_000_000) : seed, maxPauseRatio);
    }

    private boolean verdict(Map<String, Object> figures) {
        Collection<?> broken = (Collection<?>) figures.get("broken");
        broken.forEach(promise -> say("BROKEN: " + promise));
        say((broken.isEmpty() ? "OK: every promise held" : broken.size() + " promises are broken") + ", seed "
                + figures.get("seed"));
        return broken.isEmpty();
    }

    private void writeJson(Map<String, Object> figures) throws IOException {
        if (json == null) {
            return;
        }
        if (json.equals(STANDARD_OUT)) {
            print(spec.commandLine().getOut(), Json.write(figures));
        } else {
            Files.writeString(Path.of(json), Json.write(figures) + "\n");
        }
    }

    /** Before the run, which would have been for nothing. */
    private static void requireFolderOf(@Nullable String file) {
        if (file == null || file.equals(STANDARD_OUT)) {
            return;
        }
        Path folder = Path.of(file).toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(Path.of(file))) {
            throw new LauncherException("--json " + file + " cannot be written; name a file in a folder that exists");
        }
    }

    private void requireBetween(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    spec.commandLine(), option + " is " + value + "; give a number from " + least + " to " + most);
        }
    }

    private void say(String line) {
        boolean aside = STANDARD_OUT.equals(json);
        print(aside ? spec.commandLine().getErr() : spec.commandLine().getOut(), line);
    }

    private static void print(PrintWriter out, String text) {
        out.println(text);
        out.flush();
    }
}
