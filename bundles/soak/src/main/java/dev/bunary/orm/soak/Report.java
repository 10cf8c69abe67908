package dev.bunary.orm.soak;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a run showed.
 *
 * @param seed the seed it ran with
 * @param load what the workers did
 * @param audit the ledger against the table; of one that could not be read, only what was acknowledged
 * @param integrity what {@code PRAGMA integrity_check} answered, or that no driver was there to ask
 * @param swaps each swap, in order
 * @param pauses how the swaps held the load up, all together
 */
public record Report(
        long seed, Load.Result load, Ledger.Audit audit, String integrity, List<SwapReport> swaps, Pauses pauses) {

    static final String UNREAD = "not asked, as the database cannot be read";

    /** Copies. */
    public Report {
        swaps = List.copyOf(swaps);
    }

    /**
     * Whether every promise held.
     *
     * @return true if nothing failed, nothing is lost or doubled and the database is whole
     */
    public boolean isClean() {
        return load.failed() == 0 && audit.agrees() && integrity.equals("ok") && load.operations() > 0;
    }

    /**
     * The figures for a person.
     *
     * @return lines
     */
    public List<String> lines() {
        List<String> lines = figures();
        lines.add((isClean() ? "OK" : "BROKEN")
                + ": %d failed, %d lost (seed %d)".formatted(load.failed(), audit.lost(), seed));
        return lines;
    }

    /** The same without the verdict. */
    List<String> figures() {
        var lines = new ArrayList<String>();
        lines.add("%,d operations in %.1f s, %,d per second: %s"
                .formatted(load.operations(), load.time().toMillis() / 1e3, load.perSecond(), byKind()));
        lines.add("%d swaps; pause %s".formatted(swaps.size(), pauses));
        lines.add("%d failed operations".formatted(load.failed()));
        load.firstFailures().forEach(lines::add);
        lines.add(isRead() ? ledger() : "ledger: %,d rows acknowledged, none compared".formatted(audit.acknowledged()));
        lines.add("integrity_check: " + integrity);
        return lines;
    }

    /**
     * The figures in types of the JDK, for whoever has other classes, and for JSON.
     *
     * @return names and numbers; {@code clean} is a {@code Boolean}; without what the table holds if it was not read
     */
    public Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("clean", isClean());
        map.put("seed", seed);
        map.put("operations", load.operations());
        map.put("perSecond", load.perSecond());
        map.put("failed", load.failed());
        map.put("firstFailures", load.firstFailures());
        map.put("acknowledged", audit.acknowledged());
        if (isRead()) { // a zero would say that nothing is lost
            map.put("found", audit.found());
            map.put("lost", audit.lost());
            map.put("doubled", audit.doubled());
            map.put("torn", audit.torn());
            map.put("unacknowledged", audit.unacknowledged());
        }
        map.put("integrity", integrity);
        map.put("swaps", swaps.size());
        map.put("pauseP50Nanos", pauses.p50().toNanos());
        map.put("pauseP99Nanos", pauses.p99().toNanos());
        map.put("pauseMaxNanos", pauses.max().toNanos());
        return map;
    }

    private boolean isRead() {
        return !integrity.equals(UNREAD);
    }

    private String ledger() {
        return "ledger: %,d rows acknowledged, %,d in the table: %d lost, %d doubled, %d torn, %d unacknowledged"
                .formatted(
                        audit.acknowledged(),
                        audit.found(),
                        audit.lost(),
                        audit.doubled(),
                        audit.torn(),
                        audit.unacknowledged());
    }

    private String byKind() {
        var text = new ArrayList<String>();
        for (Operation kind : Operation.values()) {
            text.add("%s %,d"
                    .formatted(kind.name().toLowerCase(Locale.ROOT), load.done().getOrDefault(kind, 0L)));
        }
        return String.join(", ", text);
    }
}
