package dev.bunary.orm.sql;

import dev.bunary.orm.driver.InvalidQueryException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a select list.
 *
 * @param column a column, {@code *} or {@code table.*}
 * @param label what the result calls it, or null to leave that to the database
 */
public record Selected(String column, @Nullable String label) {
    private static final String AS = " as ";

    /**
     * Reads a select list.
     *
     * @param entries each a {@code column}, {@code table.column}, {@code column as label}, {@code *} or {@code table.*}
     * @return the entries in order
     * @throws InvalidQueryException if there is none, a name is none, or two labels are equal
     */
    public static List<Selected> list(String... entries) {
        if (entries.length == 0) {
            throw new InvalidQueryException("select names no column; name at least one, or leave it out for all");
        }
        var list = new ArrayList<Selected>(entries.length);
        var labels = new HashSet<String>();
        for (String entry : entries) {
            Selected selected = of(entry);
            if (!selected.isStar() && !labels.add(selected.resultLabel())) {
                throw new InvalidQueryException("two selected columns are labelled '" + selected.resultLabel()
                        + "'; give one of them another label with 'column as alias'");
            }
            list.add(selected);
        }
        return List.copyOf(list);
    }

    /** A column of the table as it is, named by the database. */
    public static Selected column(String name) {
        return new Selected(name, null);
    }

    private static Selected of(@Nullable String entry) {
        int as = entry == null ? -1 : lastAs(entry);
        if (entry == null || as < 0) {
            String column = Identifier.columnOrStar(entry);
            // databases differ in what they call table.column
            return new Selected(column, column.indexOf('.') < 0 || isStar(column) ? null : Identifier.lastPart(column));
        }
        String column = Identifier.column(entry.substring(0, as).strip());
        return new Selected(
                column, Identifier.label(entry.substring(as + AS.length()).strip()));
    }

    /** Not by lower case, in which some letters become two. */
    private static int lastAs(String entry) {
        int at = entry.length() - AS.length();
        while (at >= 0 && !entry.regionMatches(true, at, AS, 0, AS.length())) {
            at--;
        }
        return at;
    }

    boolean isStar() {
        return isStar(column);
    }

    String resultLabel() {
        return label == null ? column : label;
    }

    private static boolean isStar(String column) {
        return Identifier.lastPart(column).equals("*");
    }
}
