package dev.bunary.orm.soak;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

/** The operations that failed: all are counted, the first few kept with their stack traces. Safe for many threads. */
final class Failures {
    private static final int KEPT = 5;

    private final List<String> first = new ArrayList<>();
    private long count;

    synchronized void add(String operation, Throwable failure) {
        count++;
        if (first.size() < KEPT) {
            first.add(operation + " on " + Thread.currentThread().getName() + ": " + trace(failure));
        }
    }

    synchronized long count() {
        return count;
    }

    synchronized List<String> first() {
        return List.copyOf(first);
    }

    private static String trace(Throwable failure) {
        var text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }
}
