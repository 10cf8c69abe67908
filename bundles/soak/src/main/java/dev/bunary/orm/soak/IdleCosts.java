package dev.bunary.orm.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What swaps cost without load, by their names. */
final class IdleCosts {
    private final Map<String, List<Duration>> costs = new HashMap<>();

    void add(String swap, Duration cost) {
        costs.computeIfAbsent(swap, name -> new ArrayList<>()).add(cost);
    }

    /**
     * What half of these swaps, made without load, would not have exceeded; each counts with the median of its name, as
     * one swap alone may have been disturbed. Empty if none of them was measured.
     */
    Optional<Duration> median(List<SwapReport> swaps) {
        return middle(swaps.stream()
                .map(SwapReport::name)
                .filter(costs::containsKey)
                .map(name -> middle(costs.get(name).stream()).orElseThrow()));
    }

    private static Optional<Duration> middle(Stream<Duration> durations) {
        List<Duration> sorted = durations.sorted().toList();
        return sorted.isEmpty() ? Optional.empty() : Optional.of(sorted.get((sorted.size() - 1) / 2));
    }
}
