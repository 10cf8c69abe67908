package dev.bunary.orm.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** What the rounds of one workload gave. Ratios below 1 are faster than hand-written JDBC. */
final class Measured {
    private final List<Double> ratios = new ArrayList<>();
    private final List<Double> bytes = new ArrayList<>();
    private final List<Double> referenceBytes = new ArrayList<>();

    void add(double ratio, double itsBytes, double itsReferenceBytes) {
        ratios.add(ratio);
        bytes.add(itsBytes);
        referenceBytes.add(itsReferenceBytes);
    }

    double ratio() {
        return at(ratios, 0.5);
    }

    double bytes() {
        return at(bytes, 0.5);
    }

    double referenceBytes() {
        return at(referenceBytes, 0.5);
    }

    /** Median and quartiles. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.2f (%.2f-%.2f)", ratio(), at(ratios, 0.25), at(ratios, 0.75));
    }

    private static double at(List<Double> values, double part) {
        var sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get((int) Math.round(part * (sorted.size() - 1)));
    }
}
