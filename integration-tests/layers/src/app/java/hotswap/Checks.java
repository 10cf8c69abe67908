package hotswap;

import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Prints a line for each thing that must hold, and counts those that do not. */
public final class Checks {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private int failed;

    public int failed() {
        return failed;
    }

    public void isTrue(String what, boolean holds) {
        isTrue(what, holds, () -> "");
    }

    public void isTrue(String what, boolean holds, Supplier<String> seen) {
        if (!holds) {
            failed++;
        }
        System.out.println((holds ? "ok: " : "BROKEN: ") + what + (holds ? "" : "; " + seen.get()));
    }

    public void isEqual(String what, Object expected, Object seen) {
        isTrue(what, Objects.equals(expected, seen), () -> "expected " + expected + ", saw " + seen);
    }

    /** Looks again and again, as nothing tells when it comes, until the limit. */
    void comesTrue(String what, BooleanSupplier condition, Supplier<String> seen) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        boolean holds = condition.getAsBoolean();
        while (!holds && end - System.nanoTime() > 0) {
            Thread.sleep(10);
            holds = condition.getAsBoolean();
        }
        isTrue(what, holds, seen);
    }

    /** Runs what must fail, with an exception of this type whose message holds all these words. */
    void fails(String what, Class<? extends RuntimeException> type, Runnable action, String... words) {
        try {
            action.run();
        } catch (RuntimeException failure) {
            boolean right = type.isInstance(failure);
            for (String word : words) {
                right &= String.valueOf(failure.getMessage()).contains(word);
            }
            isTrue(what, right, failure::toString);
            System.out.println("    " + failure.getMessage());
            return;
        }
        isTrue(what, false, () -> "nothing was thrown");
    }
}
