package dev.bunary.orm.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bunary.orm.swap.DriverState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each figure that breaks a promise, alone. */
final class SoakReportTest {
    private static final Pauses NONE = Pauses.of();
    private static final Ledger.Audit AGREES = new Ledger.Audit(10, 10, 0, 0, 0, 0);
    private static final ProcessGrowth STEADY = new ProcessGrowth(5, List.of(), 1, 1, 1, 1);
    private static final SwapReport SWAP =
            new SwapReport("swap", 2, "a", "b", "3", "3", 0, 0, Duration.ZERO, Duration.ZERO, NONE);

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of(List.of(), report(0, AGREES, "ok", STEADY)),
                Arguments.of(List.of("3 operations failed"), report(3, AGREES, "ok", STEADY)),
                Arguments.of(
                        List.of("1 acknowledged rows are lost"),
                        report(0, new Ledger.Audit(10, 9, 1, 0, 0, 0), "ok", STEADY)),
                Arguments.of(
                        List.of("2 rows are doubled"), report(0, new Ledger.Audit(10, 12, 0, 2, 0, 0), "ok", STEADY)),
                Arguments.of(
                        List.of("1 rows are torn from their transaction"),
                        report(0, new Ledger.Audit(10, 10, 0, 0, 1, 0), "ok", STEADY)),
                Arguments.of(
                        List.of("4 rows were never acknowledged"),
                        report(0, new Ledger.Audit(10, 14, 0, 0, 0, 4), "ok", STEADY)),
                Arguments.of(
                        List.of("integrity_check says: row 1 missing from index"),
                        report(0, AGREES, "row 1 missing from index", STEADY)),
                Arguments.of(
                        List.of("native libraries are left: 1 before, 2 after"),
                        report(0, AGREES, "ok", new ProcessGrowth(5, List.of(), 1, 1, 1, 2))),
                Arguments.of(
                        List.of("1 drains were ended by force"), report(1, 0, Optional.empty(), 10, List.of(SWAP))),
                Arguments.of(
                        List.of("2 times a factory was quarantined"),
                        report(0, 2, Optional.empty(), 10, List.of(SWAP))),
                Arguments.of(
                        List.of("the run ended early: no driver"),
                        report(0, 0, Optional.of("no driver"), 10, List.of(SWAP))),
                Arguments.of(List.of("no operation was done"), report(0, 0, Optional.empty(), 0, List.of(SWAP))),
                Arguments.of(
                        List.of("no swap was made in the time, so nothing is proved"),
                        report(0, 0, Optional.empty(), 10, List.of())));
    }

    private static SoakReport report(long failed, Ledger.Audit audit, String integrity, ProcessGrowth growth) {
        var load = load(failed, 10);
        return new SoakReport(
                1,
                new Report(1, load, audit, integrity, List.of(SWAP), NONE),
                Optional.empty(),
                NONE,
                2,
                DriverState.BOUND,
                0,
                0,
                3,
                growth,
                Optional.empty());
    }

    private static SoakReport report(
            long forced, long quarantined, Optional<String> endedEarly, long operations, List<SwapReport> swaps) {
        var run = new Report(1, load(0, operations), AGREES, "ok", swaps, NONE);
        return new SoakReport(
                1, run, Optional.empty(), NONE, 2, DriverState.BOUND, forced, quarantined, 3, STEADY, endedEarly);
    }

    private static Load.Result load(long failed, long operations) {
        Map<Operation, Long> done = operations == 0 ? Map.of() : Map.of(Operation.FIND, operations);
        return new Load.Result(done, Duration.ofSeconds(1), failed, List.of(), new Ledger(1));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void broken_oneFigureWrong_namesThatOne(List<String> broken, SoakReport report) {
        assertEquals(broken, report.broken());
        assertEquals(broken.isEmpty(), report.toMap().get("clean"));
    }
}
