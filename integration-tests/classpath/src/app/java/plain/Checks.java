package plain;

import java.util.Objects;

/** Prints a line for each thing that must hold, and counts those that do not. */
final class Checks {
    private int failed;

    int failed() {
        return failed;
    }

    void isTrue(String what, boolean holds, Object seen) {
        if (!holds) {
            failed++;
        }
        System.out.println((holds ? "ok: " : "BROKEN: ") + what + (holds ? "" : "; saw " + seen));
    }

    void isEqual(String what, Object expected, Object seen) {
        isTrue(what + ": " + expected, Objects.equals(expected, seen), seen);
    }
}
