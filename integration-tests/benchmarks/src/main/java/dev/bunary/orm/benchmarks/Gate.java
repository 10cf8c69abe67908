package dev.bunary.orm.benchmarks;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What must hold, and what a measurement says about it. */
final class Gate {
    private static final double CONTROL_LOW = 0.9;
    private static final double CONTROL_HIGH = 1.1;
    private static final Map<Workload, Integer> BYTES =
            new EnumMap<>(Map.of(Workload.W1, 1_800, Workload.W3, 50_000, Workload.W4, 4_800_000));

    /** How a goal fared. */
    enum Verdict {
        MET,
        MISSED,
        /** The control was not what it must be, so the measurement says nothing. */
        VOID
    }

    private Gate() {}

    static boolean isVoid(Measured control) {
        return control.ratio() < CONTROL_LOW || control.ratio() > CONTROL_HIGH;
    }

    /** Whether a workload met its goal times a tolerance. One without a goal meets it. */
    static Verdict ratio(Workload workload, Measured ours, Measured control, double tolerance) {
        if (Double.isNaN(workload.goal)) {
            return Verdict.MET;
        }
        if (isVoid(control)) {
            return Verdict.VOID;
        }
        return ours.ratio() <= workload.goal * tolerance ? Verdict.MET : Verdict.MISSED;
    }

    /** The allocation goals; they do not jitter, so there is no tolerance. */
    static boolean bytesHold(Map<Workload, Measured> ours) {
        return BYTES.entrySet().stream()
                .allMatch(goal -> ours.get(goal.getKey()).bytes() <= goal.getValue());
    }

    static Stream<String> byteLines(Map<Workload, Measured> ours) {
        return BYTES.entrySet().stream()
                .map(goal -> String.format(
                        Locale.ROOT,
                        "%s allocation: %,.0f bytes, goal %,d: %s",
                        goal.getKey(),
                        ours.get(goal.getKey()).bytes(),
                        goal.getValue(),
                        ours.get(goal.getKey()).bytes() <= goal.getValue() ? Verdict.MET : Verdict.MISSED));
    }
}
