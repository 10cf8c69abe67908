package dev.bunary.orm.sql;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Conditions without their values, joined by AND and OR as SQL reads them: AND binds tighter. Immutable. Each condition
 * holds the ones before it, so that adding one copies nothing, and the hash of a long chain is known at once.
 */
public final class Where implements Predicate {
    /** No condition: every row. */
    public static final Where NONE = new Where();

    private final @Nullable Where before;
    private final boolean or;
    private final @Nullable Predicate last;
    private final boolean anyOr;
    private final int hash;

    private Where() {
        this.before = null;
        this.or = false;
        this.last = null;
        this.anyOr = false;
        this.hash = 0;
    }

    private Where(Where before, boolean or, Predicate last) {
        this.before = before;
        this.or = or && !before.isEmpty(); // a first condition joins nothing
        this.last = last;
        this.anyOr = this.or || before.anyOr;
        this.hash = 31 * before.hash + (this.or ? 3 : 1) * last.hashCode();
    }

    /** These conditions AND one more. */
    public Where and(Predicate next) {
        return new Where(this, false, next);
    }

    /** These conditions OR one more. */
    public Where or(Predicate next) {
        return new Where(this, true, next);
    }

    /** All these conditions together AND one more, whatever ORs there are among them. */
    Where narrowedBy(Predicate next) {
        return anyOr ? NONE.and(this).and(next) : and(next);
    }

    /** Whether there is no condition. */
    public boolean isEmpty() {
        return last == null;
    }

    /** Whether the last condition joins those before it by OR. */
    boolean isOr() {
        return or;
    }

    /** The last condition; null if there is none. */
    @Nullable
    Predicate last() {
        return last;
    }

    /** These conditions up to the first, up to the second, and so on to all of them. */
    Collection<Where> steps() {
        Deque<Where> steps = new ArrayDeque<>();
        for (Where at = this; at != null && at.last != null; at = at.before) {
            steps.addFirst(at);
        }
        return steps;
    }

    @Override
    public void collectColumns(Collection<String> columns) {
        for (Where step : steps()) {
            if (step.last != null) {
                step.last.collectColumns(columns);
            }
        }
    }

    // not recursive: a chain may have thousands of conditions
    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Where that) || hash != that.hash) {
            return false;
        }
        Where left = this;
        Where right = that;
        while (left != right) {
            if (left == null || right == null || left.or != right.or || !same(left.last, right.last)) {
                return false;
            }
            left = left.before;
            right = right.before;
        }
        return true;
    }

    private static boolean same(@Nullable Predicate left, @Nullable Predicate right) {
        return left == right || left != null && left.equals(right);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
