package dev.bunary.orm.benchmarks;

import dev.bunary.orm.benchmarks.Pair.Plan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs pairs, each in processes of its own, in both orders of opening, and collects what they print. */
final class Comparison {
    /*
     * When HotSpot throws compiled code away that held a lock more than once, as sqlite-jdbc does at every call, it
     * inflates that lock's monitor, and each native call then takes a slow path; a minute later the monitor is deflated.
     * Which sides have that in a short run is chance, and moved ratios between 0.60 and 0.75. After a second it is over.
     */
    private static final String[] VM = {
        "-Xmx1g",
        "-XX:+IgnoreUnrecognizedVMOptions",
        "-XX:+UnlockDiagnosticVMOptions",
        "-XX:GuaranteedAsyncDeflationInterval=1000",
        "-Dorg.jboss.logging.provider=slf4j"
    };

    private final Path work;
    private final Plan plan;
    private final Map<Competitor, Map<Workload, Measured>> measured = new EnumMap<>(Competitor.class);

    Comparison(Path work, Plan plan) throws SQLException, IOException {
        this.work = work;
        this.plan = plan;
        Files.createDirectories(work);
        if (!Files.exists(work.resolve("source.db"))) {
            Database.create(work.resolve("source.db"));
        }
    }

    Map<Workload, Measured> of(Competitor competitor) {
        return measured.getOrDefault(competitor, Map.of());
    }

    /** Measures a competitor; what was known of these workloads is forgotten. */
    void measure(Competitor competitor, Collection<Workload> workloads) throws IOException, InterruptedException {
        Map<Workload, Measured> results = measured.computeIfAbsent(competitor, none -> new EnumMap<>(Workload.class));
        workloads.forEach(workload -> results.put(workload, new Measured()));
        for (boolean first : new boolean[] {true, false}) {
            run(competitor, workloads, first, results);
        }
    }

    private void run(
            Competitor competitor, Collection<Workload> workloads, boolean first, Map<Workload, Measured> results)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(work, "pair");
        Files.copy(work.resolve("source.db"), folder.resolve("source.db"));
        try {
            List<String> command = new ArrayList<>(Java.command(VM));
            command.addAll(List.of(
                    Pair.class.getName(),
                    competitor.name(),
                    folder.toString(),
                    Boolean.toString(first),
                    plan.toString(),
                    workloads.stream().map(Workload::name).collect(Collectors.joining(","))));
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (var lines =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                lines.lines().forEach(line -> take(line, results));
            }
            if (process.waitFor() != 0) {
                throw new IllegalStateException(competitor + " ended with " + process.exitValue());
            }
        } finally {
            delete(folder);
        }
    }

    private static void take(String line, Map<Workload, Measured> results) {
        String[] parts = line.split(" ");
        if (parts.length == 4 && parts[0].matches("W[1-9]")) {
            results.get(Workload.valueOf(parts[0]))
                    .add(Double.parseDouble(parts[1]), Double.parseDouble(parts[2]), Double.parseDouble(parts[3]));
        } else {
            System.err.println(line); // a library that logs
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
