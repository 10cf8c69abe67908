package dev.bunary.orm.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.benchmarks.Gate.Verdict;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A gate that cannot close is none. */
final class GateTest {

    private static Measured of(double... ratios) {
        var measured = new Measured();
        for (double ratio : ratios) {
            measured.add(ratio, 1_000, 1_000);
        }
        return measured;
    }

    private static Measured bytes(double bytes) {
        var measured = new Measured();
        measured.add(1, bytes, 1_000);
        return measured;
    }

    @Test
    void ratio_aboveGoalTimesTolerance_isMissed() {
        assertEquals(Verdict.MISSED, Gate.ratio(Workload.W3, of(0.2, 0.89, 0.9), of(1), 1.25));
    }

    @Test
    void ratio_belowGoalTimesTolerance_isMet() {
        assertEquals(Verdict.MET, Gate.ratio(Workload.W3, of(0.2, 0.87, 5), of(1), 1.25));
    }

    @Test
    void ratio_withAControlThatIsOff_isVoidHoweverGood() {
        assertEquals(Verdict.VOID, Gate.ratio(Workload.W3, of(0.1), of(0.89), 1.25));
        assertEquals(Verdict.VOID, Gate.ratio(Workload.W3, of(9), of(1.11), 1.25));
    }

    @Test
    void bytesHold_oneAboveItsGoal_isFalse() {
        var good = Map.of(Workload.W1, bytes(1_800), Workload.W3, bytes(50_000), Workload.W4, bytes(4_800_000));
        var bad = Map.of(Workload.W1, bytes(1_801), Workload.W3, bytes(50_000), Workload.W4, bytes(4_800_000));
        assertTrue(Gate.bytesHold(good));
        assertFalse(Gate.bytesHold(bad));
    }
}
