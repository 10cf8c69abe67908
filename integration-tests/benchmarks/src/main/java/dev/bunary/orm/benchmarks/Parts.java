package dev.bunary.orm.benchmarks;

import java.io.PrintStream;
import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the benchmarks of the parts with JMH and prints them as a table. */
final class Parts {
    private Parts() {}

    static void run(PrintStream out) throws RunnerException {
        Options options = new OptionsBuilder()
                .include(PartsBenchmark.class.getName())
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .jvmArgsAppend(flags())
                .build();
        Collection<RunResult> results = new Runner(options).run();
        out.println("Parts, by JMH " + Competitor.version("jmh")
                + " (wall time, which other load on the machine inflates):");
        out.println();
        out.println("| | ns per call | bytes per call |");
        out.println("|---|---|---|");
        for (RunResult result : results) {
            Result<?> bytes = result.getSecondaryResults().get("gc.alloc.rate.norm");
            out.printf(
                    Locale.ROOT,
                    "| %s | %,.1f | %,.0f |%n",
                    result.getParams().getBenchmark().replaceAll(".*\\.", ""),
                    result.getPrimaryResult().getScore(),
                    bytes.getScore());
        }
        out.println();
    }

    /** What keeps newer JDKs from printing warnings about sqlite-jdbc and JMH among the results. */
    private static String[] flags() {
        int feature = Runtime.version().feature();
        if (feature < 22) {
            return new String[0];
        }
        return feature < 23
                ? new String[] {"--enable-native-access=ALL-UNNAMED"}
                : new String[] {"--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"};
    }
}
