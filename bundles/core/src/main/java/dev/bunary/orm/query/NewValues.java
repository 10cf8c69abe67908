package dev.bunary.orm.query;

import dev.bunary.orm.driver.InvalidQueryException;
import dev.bunary.orm.sql.Bindable;
import dev.bunary.orm.sql.Identifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values an insert or update writes, checked: columns and their values in the same order. */
record NewValues(List<String> columns, @Nullable Object[] values) {

    static NewValues of(@Nullable Map<String, ? extends @Nullable Object> row) {
        if (row == null) {
            throw new InvalidQueryException(
                    "the values are null; give a map of column to value, in which values may" + " be null");
        }
        var columns = new ArrayList<String>(row.size());
        var values = new ArrayList<@Nullable Object>(row.size());
        row.forEach((column, value) -> {
            columns.add(Identifier.plainColumn(column));
            values.add(Bindable.checked(column, value));
        });
        return new NewValues(List.copyOf(columns), values.toArray());
    }

    /** Rows of one insert: the first one's columns, and each one's values in their order. */
    static List<@Nullable Object[]> ofRows(
            NewValues first, List<? extends @Nullable Map<String, ? extends @Nullable Object>> rows) {
        var all = new ArrayList<@Nullable Object[]>(rows.size());
        all.add(first.values);
        for (int i = 1; i < rows.size(); i++) {
            all.add(first.sameColumns(rows.get(i), i));
        }
        return all;
    }

    private @Nullable Object[] sameColumns(@Nullable Map<String, ? extends @Nullable Object> row, int index) {
        if (row == null || row.size() != columns.size()) {
            throw otherColumns(row, index);
        }
        Object[] values = new Object[columns.size()];
        int next = 0;
        for (Map.Entry<String, ? extends @Nullable Object> entry : row.entrySet()) {
            int column = indexOf(entry.getKey(), next++);
            if (column < 0) {
                throw otherColumns(row, index);
            }
            values[column] = Bindable.checked(columns.get(column), entry.getValue());
        }
        return values;
    }

    /** Rows mostly name their columns in one order, so a look at the expected place spares the search. */
    private int indexOf(@Nullable String column, int expected) {
        if (expected < columns.size() && columns.get(expected).equals(column)) {
            return expected;
        }
        return column == null ? -1 : columns.indexOf(column);
    }

    private InvalidQueryException otherColumns(@Nullable Map<String, ?> row, int index) {
        return new InvalidQueryException("all rows of insertAll have the same columns, but row " + index + " has "
                + (row == null
                        ? "none"
                        : row.keySet().stream().map(NewValues::shown).toList())
                + " and row 0 has " + columns + "; give every row the same keys, null where there is no value");
    }

    private static String shown(@Nullable String column) {
        return column == null ? "null" : Identifier.shown(column);
    }
}
