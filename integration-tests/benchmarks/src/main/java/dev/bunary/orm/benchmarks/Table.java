package dev.bunary.orm.benchmarks;

import dev.bunary.orm.benchmarks.Gate.Verdict;
import dev.bunary.orm.benchmarks.Pair.Plan;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The table of all competitors and workloads, in Markdown. */
final class Table {
    private static final List<String> NOTES = List.of(
            "Hand-written JDBC and the others open their connections as sqlite-jdbc does unless told otherwise; the SQLite"
                    + " driver of Bunary ORM opens them without SQLite's own mutex, which would save hand-written JDBC some"
                    + " CPU time too.",
            "HikariCP and sqlite-jdbc keep no statements, so what is built on them prepares each time: most of a find, an"
                    + " update and a count.",
            "`insertAll` of Bunary ORM sends ten rows with one INSERT; the others send one row each, in batches.",
            "Hibernate's notes have keys from the program, as IDENTITY turns its batches off.",
            "The time of garbage collection and compilers is in no figure; what is allocated is in the table of bytes.");

    private static final Plan PLAN = new Plan(700, 11, 90);

    /** Around the table that README shows; .ci/run compares what stands between them. */
    static final String BEGIN = "<!-- benchmarks: begin -->";

    static final String END = "<!-- benchmarks: end -->";

    private final Comparison comparison;
    private final String machine;
    private final PrintStream out;
    private final List<String> notes = new ArrayList<>();

    private Table(Comparison comparison, String machine, PrintStream out) {
        this.comparison = comparison;
        this.machine = machine;
        this.out = out;
    }

    /** Measures and prints. Returns false if the control made the run void. */
    static boolean run(Path work, String machine, PrintStream out) throws Exception {
        return new Table(new Comparison(work, PLAN), machine, out).run();
    }

    private boolean run() throws Exception {
        Set<Workload> all = EnumSet.allOf(Workload.class);
        List<Competitor> present = new ArrayList<>();
        for (Competitor competitor : Competitor.values()) {
            if (competitor.missing().isEmpty()) {
                System.err.println("measuring " + competitor.name() + " ...");
                comparison.measure(competitor, all);
                present.add(competitor);
            } else {
                notes.add("Left out: " + competitor.missing() + ".");
            }
        }
        print(present);
        return control();
    }

    private void print(List<Competitor> present) {
        Stream.of(Workload.values())
                .map(workload -> "- " + workload + ": " + workload.title)
                .forEach(out::println);
        out.println();
        shortTable(present);
        out.println();
        out.println("The same with quartiles, of " + 2 * PLAN.rounds() + " pairs:");
        out.println();
        reference(Workload::name, measured -> "1.00");
        rows(present, Measured::toString);
        out.println();
        out.println("Bytes allocated per operation:");
        out.println();
        reference(Workload::name, measured -> String.format(Locale.ROOT, "%,.0f", measured.referenceBytes()));
        rows(present, measured -> String.format(Locale.ROOT, "%,.0f", measured.bytes()));
        out.println();
        goals();
        out.println();
        NOTES.forEach(note -> out.println("- " + note));
        notes.forEach(out::println);
    }

    /** Ratios only, for README. */
    private void shortTable(List<Competitor> present) {
        out.println(BEGIN);
        out.println(
                "CPU time of the calling thread as a ratio to hand-written JDBC that reuses its statements (below 1 is"
                        + " faster), as `integration-tests/benchmarks/run` printed it: " + machine);
        out.println();
        reference(workload -> workload.word, measured -> "1.00");
        rows(
                present.stream()
                        .filter(competitor -> competitor != Competitor.CONTROL)
                        .toList(),
                measured -> String.format(Locale.ROOT, "%.2f", measured.ratio()));
        out.println(END);
    }

    private void reference(Function<Workload, String> head, Function<Measured, String> cell) {
        out.println("| | " + Stream.of(Workload.values()).map(head).collect(Collectors.joining(" | ")) + " |");
        out.println("|---|" + "---|".repeat(Workload.values().length));
        row("hand-written JDBC, statements reused", comparison.of(Competitor.CONTROL), cell);
    }

    private void rows(List<Competitor> present, Function<Measured, String> cell) {
        for (Competitor competitor : present) {
            String version = competitor == Competitor.CONTROL ? "" : " " + competitor.version();
            row(competitor.title + version, comparison.of(competitor), cell);
        }
    }

    private void row(String title, Map<Workload, Measured> measured, Function<Measured, String> cell) {
        out.println("| " + title + " | "
                + Stream.of(Workload.values()).map(measured::get).map(cell).collect(Collectors.joining(" | "))
                + " |");
    }

    private void goals() {
        Map<Workload, Measured> ours = comparison.of(Competitor.BUNARY);
        out.println("Goals:");
        out.println();
        for (Workload workload : Workload.values()) {
            if (!Double.isNaN(workload.goal)) {
                Verdict verdict = Gate.ratio(
                        workload,
                        ours.get(workload),
                        comparison.of(Competitor.CONTROL).get(workload),
                        1);
                out.printf(
                        Locale.ROOT,
                        "- %s: %.2f, goal %.2f: %s%n",
                        workload,
                        ours.get(workload).ratio(),
                        workload.goal,
                        verdict);
            }
        }
        Gate.byteLines(ours).forEach(line -> out.println("- " + line));
    }

    private boolean control() {
        List<Workload> bad = Stream.of(Workload.values())
                .filter(workload ->
                        Gate.isVoid(comparison.of(Competitor.CONTROL).get(workload)))
                .toList();
        if (!bad.isEmpty()) {
            out.println("VOID: hand-written JDBC against itself was not within 0.9-1.1 for " + bad
                    + "; run again when the machine is quiet.");
        }
        return bad.isEmpty();
    }
}
