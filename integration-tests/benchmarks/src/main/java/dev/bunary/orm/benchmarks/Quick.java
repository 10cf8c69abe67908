package dev.bunary.orm.benchmarks;

import dev.bunary.orm.benchmarks.Gate.Verdict;
import dev.bunary.orm.benchmarks.Pair.Plan;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The gate of CI: Bunary ORM against hand-written JDBC, goals times 1.25 with up to three tries, and the allocation
 * goals as they are.
 */
final class Quick {
    static final int MET = 0;
    static final int MISSED = 1;
    /** No goal was missed, but the control made at least one measurement void. */
    static final int VOID = 3;

    private static final Plan PLAN = new Plan(700, 11, 60);
    private static final double TOLERANCE = 1.25;
    private static final int TRIES = 3;

    private final Comparison comparison;
    private final PrintStream out;
    private final Map<Workload, Verdict> verdicts = new EnumMap<>(Workload.class);

    private Quick(Comparison comparison, PrintStream out) {
        this.comparison = comparison;
        this.out = out;
    }

    /** Measures and prints. Returns the exit code. */
    static int run(Path work, PrintStream out) throws Exception {
        return new Quick(new Comparison(work, PLAN), out).run();
    }

    private int run() throws Exception {
        List<Workload> open = new ArrayList<>(List.of(Workload.values()));
        boolean bytesHold = true;
        for (int attempt = 1; attempt <= TRIES && !open.isEmpty(); attempt++) {
            comparison.measure(Competitor.CONTROL, open);
            comparison.measure(Competitor.BUNARY, open);
            if (attempt == 1) {
                bytesHold = Gate.bytesHold(comparison.of(Competitor.BUNARY));
                Gate.byteLines(comparison.of(Competitor.BUNARY)).forEach(out::println);
            }
            for (Workload workload : open) {
                judge(workload, attempt);
            }
            open.removeIf(workload -> verdicts.get(workload) == Verdict.MET);
        }
        return conclude(bytesHold);
    }

    private void judge(Workload workload, int attempt) {
        Measured ours = comparison.of(Competitor.BUNARY).get(workload);
        Measured control = comparison.of(Competitor.CONTROL).get(workload);
        Verdict verdict = Gate.ratio(workload, ours, control, TOLERANCE);
        // a void try takes no earlier miss back
        verdicts.merge(
                workload, verdict, (before, now) -> now == Verdict.VOID && before == Verdict.MISSED ? before : now);
        out.printf(
                Locale.ROOT,
                "%s %s: %s of hand-written JDBC, %s, control %s, try %d: %s%n",
                workload,
                workload.title,
                ours,
                Double.isNaN(workload.goal)
                        ? "no goal"
                        : String.format(Locale.ROOT, "at most %.2f", workload.goal * TOLERANCE),
                control,
                attempt,
                verdict);
    }

    private int conclude(boolean bytesHold) {
        if (!bytesHold || verdicts.containsValue(Verdict.MISSED)) {
            out.println("MISSED: Bunary ORM is slower, or allocates more, than it promises");
            return MISSED;
        }
        if (verdicts.containsValue(Verdict.VOID)) {
            out.println("VOID: hand-written JDBC against itself was not within 0.9-1.1, so nothing is said about: "
                    + verdicts.entrySet().stream()
                            .filter(one -> one.getValue() == Verdict.VOID)
                            .map(Map.Entry::getKey)
                            .toList());
            return VOID;
        }
        out.println("all goals are met");
        return MET;
    }
}
