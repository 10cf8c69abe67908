package dev.bunary.orm.soak;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a soak showed.
 *
 * @param asked swaps that were asked for
 * @param run the load, the ledger and the swaps that were made
 * @param generation the generation that serves in the end
 * @param forced drains that ran into their deadline, so that work was ended
 * @param threadsBefore threads of the process before the load
 * @param threadsAdded names of the threads that have come since and stay
 */
public record SoakReport(
        int asked, Report run, long generation, long forced, int threadsBefore, List<String> threadsAdded) {

    /** What the JDK and a framework start for themselves at some time, such as a cleaner and resolvers. */
    private static final int MOST_THREADS_ADDED = 4;

    /** Copies. */
    public SoakReport {
        threadsAdded = List.copyOf(threadsAdded);
    }

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
        if (!run.integrity().equals("ok")) {
            broken.add("integrity_check says: " + run.integrity());
        }
        if (threadsAdded.size() > MOST_THREADS_ADDED) {
            broken.add("threads are left: " + String.join(", ", threadsAdded));
        }
        if (run.load().operations() == 0) {
            broken.add("no operation was done");
        }
        if (run.swaps().isEmpty()) {
            broken.add("no swap was made in the time, so nothing is proved");
        }
        return broken;
    }

    /**
     * The figures for a person, without a verdict.
     *
     * @return lines
     */
    public List<String> lines() {
        var lines = new ArrayList<>(run.figures());
        lines.add("generation %d serves; %d forced ends".formatted(generation, forced));
        if (run.swaps().size() < asked) {
            lines.add("only %d of %d swaps fitted into the time"
                    .formatted(run.swaps().size(), asked));
        }
        lines.add("threads: %d before, %d after%s"
                .formatted(
                        threadsBefore,
                        threadsBefore + threadsAdded.size(),
                        threadsAdded.isEmpty() ? "" : ", new: " + String.join(", ", threadsAdded)));
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
        map.put("threadsBefore", threadsBefore);
        map.put("threadsAfter", threadsBefore + threadsAdded.size());
        map.put("threadsAdded", threadsAdded);
        map.put("broken", broken());
        return map;
    }

    private static void note(List<String> broken, long count, String what) {
        if (count > 0) {
            broken.add(count + " " + what);
        }
    }
}
