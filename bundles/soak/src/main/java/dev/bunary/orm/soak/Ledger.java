package dev.bunary.orm.soak;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The writes that the ORM has acknowledged. A write is named by its worker and a sequence number that is used once; it
 * has one part, or two that a transaction keeps together. Each worker writes on a page of its own.
 */
public final class Ledger {
    private final List<Page> pages = new ArrayList<>();

    /**
     * An empty ledger.
     *
     * @param workers how many pages it has
     */
    public Ledger(int workers) {
        for (int worker = 0; worker < workers; worker++) {
            pages.add(new Page());
        }
    }

    /**
     * A worker's page.
     *
     * @param worker the worker, from 0
     * @return its page; used by that worker only, until it has ended
     */
    public Page page(int worker) {
        return pages.get(worker);
    }

    /**
     * Compares what was acknowledged with what is in the table. Call it after the workers have ended.
     *
     * @param found every row of the table, each once, in any order
     * @return what differs
     */
    public Audit audit(Iterable<Part> found) {
        var tallies = pages.stream().map(Tally::new).toList();
        for (Part part : found) {
            tallies.get(part.worker()).count(part);
        }
        return tallies.stream().map(Tally::audit).reduce(Audit.EMPTY, Audit::plus);
    }

    /** What was acknowledged, when the table cannot be read: nothing is known of its rows. */
    Audit unread() {
        return new Audit(pages.stream().mapToLong(Page::acknowledged).sum(), 0, 0, 0, 0, 0);
    }

    /**
     * A row of the table of writes.
     *
     * @param worker who wrote it, from 0
     * @param sequence the write's number with that worker
     * @param part 1, or 2 for the second write of a transaction
     */
    public record Part(int worker, int sequence, int part) {}

    /** What one worker was told. */
    public static final class Page {
        private final BitSet singles = new BitSet();
        private final BitSet pairs = new BitSet();
        private int next;

        /** For {@link Ledger}. */
        Page() {}

        /**
         * A number for the next write.
         *
         * @return a number that this page has never given
         */
        public int next() {
            return next++;
        }

        /**
         * Notes a write that was acknowledged.
         *
         * @param sequence its number
         */
        public void single(int sequence) {
            singles.set(sequence);
        }

        /**
         * Notes a transaction of two writes that was acknowledged.
         *
         * @param sequence its number
         */
        public void pair(int sequence) {
            pairs.set(sequence);
        }

        private long acknowledged() {
            return singles.cardinality() + 2L * pairs.cardinality();
        }
    }

    /** One worker's rows, counted. */
    private static final class Tally {
        private final Page page;
        private final BitSet first = new BitSet();
        private final BitSet second = new BitSet();
        private long doubled;

        Tally(Page page) {
            this.page = page;
        }

        void count(Part part) {
            BitSet seen = part.part() == 1 ? first : second;
            if (seen.get(part.sequence())) {
                doubled++;
            }
            seen.set(part.sequence());
        }

        Audit audit() {
            BitSet expectedFirst = union(page.singles, page.pairs);
            long lost = minus(expectedFirst, first).cardinality()
                    + minus(page.pairs, second).cardinality();
            long unacknowledged = minus(first, expectedFirst).cardinality()
                    + minus(second, page.pairs).cardinality();
            return new Audit(
                    page.acknowledged(),
                    first.cardinality() + second.cardinality() + doubled,
                    lost,
                    doubled,
                    torn(),
                    unacknowledged);
        }

        /** A second part without its first, or a transaction's first without its second, acknowledged or not. */
        private long torn() {
            BitSet lonelyFirst = minus(first, second);
            lonelyFirst.and(page.pairs);
            return lonelyFirst.cardinality() + minus(second, first).cardinality();
        }

        private static BitSet union(BitSet one, BitSet other) {
            BitSet all = (BitSet) one.clone();
            all.or(other);
            return all;
        }

        private static BitSet minus(BitSet from, BitSet what) {
            BitSet rest = (BitSet) from.clone();
            rest.andNot(what);
            return rest;
        }
    }

    /**
     * The ledger against the table, in rows.
     *
     * @param acknowledged rows that were acknowledged
     * @param found rows in the table
     * @param lost acknowledged but not in the table
     * @param doubled in the table more than once
     * @param torn in the table without the other row of their transaction
     * @param unacknowledged in the table though their writer was told of a failure
     */
    public record Audit(long acknowledged, long found, long lost, long doubled, long torn, long unacknowledged) {
        private static final Audit EMPTY = new Audit(0, 0, 0, 0, 0, 0);

        /**
         * Whether ledger and table agree.
         *
         * @return true if nothing is lost, doubled, torn or unacknowledged
         */
        public boolean agrees() {
            return lost == 0 && doubled == 0 && torn == 0 && unacknowledged == 0;
        }

        private Audit plus(Audit other) {
            return new Audit(
                    acknowledged + other.acknowledged,
                    found + other.found,
                    lost + other.lost,
                    doubled + other.doubled,
                    torn + other.torn,
                    unacknowledged + other.unacknowledged);
        }
    }
}
