package dev.bunary.orm.soak;

import dev.bunary.orm.swap.DriverState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a soak showed.
 *
 * @param asked swaps that were asked for under load
 * @param run the load, the ledger and the swaps that were made under load
 * @param idle what half of these very swaps do not exceed without load, from the start of a swap until the new driver has
 *     answered; empty if that was not measured
 * @param quiet the same load without a swap, measured between the swaps for as long as they took; zero if they came too
 *     close for that
 * @param generation the generation that served at the end of the load
 * @param state what the connection's driver was doing then; {@code STUCK} if it could not be closed
 * @param forced drains that ran into their deadline, so that work was ended
 * @param quarantined how often a factory was quarantined
 * @param gone how often the driver was gone and no other was there yet, as in a restart; breaks no promise
 * @param growth what the process holds afterwards
 * @param endedEarly why the run ended before its time; empty if it did not
 */
public record SoakReport(
        int asked,
        Report run,
        Optional<Duration> idle,
        Pauses quiet,
        long generation,
        DriverState state,
        long forced,
        long quarantined,
        long gone,
        ProcessGrowth growth,
        Optional<String> endedEarly) {

    /**
     * The promises that did not hold.
     *
     * @return one text each; empty if all held
     */
    public List<String> broken() {
        var broken = new ArrayList<String>();
        Ledger.Audit audit = run.audit();
        note(broken, run.load().failed(), "operations failed");
        note(broken, audit.lost(), "acknowledged rows are lost");
        note(broken, audit.doubled(), "rows are doubled");
        note(broken, audit.torn(), "rows are torn from their transaction");
        note(broken, audit.unacknowledged(), "rows were never acknowledged");
        note(broken, forced, "drains were ended by force");
        note(broken, quarantined, "times a factory was quarantined");
        endedEarly.ifPresent(why -> broken.add("the run ended early: " + why));
        if (!run.integrity().equals("ok")) {
            broken.add("integrity_check says: " + run.integrity());
        }
        broken.addAll(growth.broken());
        if (run.load().operations() == 0) {
            broken.add("no operation was done");
        }
        if (run.swaps().isEmpty()) {
            broken.add("no swap was made in the time, so nothing is proved");
        }
        return broken;
    }

    /**
     * The pauses against a yardstick of the same run and machine.
     *
     * @return the median of the pauses under load, in multiples of {@link #idle}; empty if that was not measured
     */
    public OptionalDouble pauseRatio() {
        return idle.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                        (double) run.pauses().p50().toNanos() / idle.get().toNanos());
    }

    /**
     * The figures for a person, without a verdict.
     *
     * @return lines
     */
    public List<String> lines() {
        var lines = new ArrayList<>(run.figures());
        idle.ifPresent(cost -> lines.add("the same swaps without load: p50 %s; ratio of the pauses to that: %.1f"
                .formatted(Pauses.millis(cost), pauseRatio().orElseThrow())));
        if (quiet.count() > 0) {
            lines.add("the same load without a swap: " + quiet);
        }
        lines.add("generation %d serves; %d forced ends".formatted(generation, forced));
        lines.add("%d times no driver for a moment; %d factories quarantined; the driver is %s"
                .formatted(gone, quarantined, state));
        if (run.swaps().size() < asked) {
            lines.add("only %d of %d swaps fitted into the time"
                    .formatted(run.swaps().size(), asked));
        }
        lines.addAll(growth.lines());
        return lines;
    }

    /**
     * The figures in types of the JDK.
     *
     * @return names, and numbers, texts or lists of texts; {@code broken} is empty if every promise held
     */
    public Map<String, Object> toMap() {
        var map = new LinkedHashMap<>(run.toMap());
        map.put("clean", broken().isEmpty());
        map.put("swapsAsked", asked);
        map.put("generation", generation);
        map.put("forced", forced);
        map.put("quarantined", quarantined);
        map.put("gone", gone);
        map.put("state", state.name());
        map.put("quietP50Nanos", quiet.p50().toNanos());
        map.put("quietP99Nanos", quiet.p99().toNanos());
        map.put("quietMaxNanos", quiet.max().toNanos());
        map.putAll(growth.toMap());
        idle.ifPresent(cost -> map.put("idleP50Nanos", cost.toNanos()));
        pauseRatio().ifPresent(ratio -> map.put("pauseRatio", ratio));
        map.put("broken", broken());
        return map;
    }

    private static void note(List<String> broken, long count, String what) {
        if (count > 0) {
            broken.add(count + " " + what);
        }
    }
}
