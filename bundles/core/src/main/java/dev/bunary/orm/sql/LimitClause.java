package dev.bunary.orm.sql;

import dev.bunary.orm.driver.Dialect;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A dialect's clause for one combination of limit and offset: its text with question marks, and which number each stands
 * for.
 *
 * @param text the clause with a blank before it, or empty
 */
record LimitClause(String text, boolean bindsLimit, boolean bindsOffset, boolean offsetFirst) {
    private static final String LIMIT = ":limit";
    private static final String OFFSET = ":offset";

    static LimitClause of(Dialect dialect, boolean limit, boolean offset) {
        String clause = dialect.limitOffset(limit, offset);
        int limitAt = clause.indexOf(LIMIT);
        int offsetAt = clause.indexOf(OFFSET);
        String text = clause.replace(LIMIT, "?").replace(OFFSET, "?");
        return new LimitClause(
                text.isEmpty() ? text : " " + text, limitAt >= 0, offsetAt >= 0, offsetAt >= 0 && offsetAt < limitAt);
    }

    /** The bindings with the clause's numbers after them. */
    @Nullable
    Object[] append(@Nullable Object[] bindings, long limit, long offset) {
        int more = (bindsLimit ? 1 : 0) + (bindsOffset ? 1 : 0);
        if (more == 0) {
            return bindings;
        }
        int at = bindings.length;
        Object[] all = Arrays.copyOf(bindings, at + more, Object[].class);
        if (more == 1) {
            all[at] = bindsLimit ? limit : offset;
        } else {
            all[offsetFirst ? at + 1 : at] = limit;
            all[offsetFirst ? at : at + 1] = offset;
        }
        return all;
    }
}
