package dev.bunary.orm.sql;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A statement without its values: equal shapes have the same SQL text in one dialect. Holds names as they were written,
 * checked but not quoted.
 */
public sealed interface StatementShape {

    /** The table it works on. */
    String table();

    /** The columns it names, as they were written. For errors. */
    Collection<String> columns();

    /** Whether it changes nothing. */
    default boolean isRead() {
        return this instanceof Select || this instanceof Count || this instanceof Exists;
    }

    /**
     * Rows.
     *
     * @param selected empty for all columns
     * @param excluded columns to leave out while {@code selected} is empty
     * @param limit whether the number of rows is limited
     * @param offset whether rows are skipped
     */
    record Select(
            String table,
            List<Selected> selected,
            List<String> excluded,
            Where where,
            List<Order> orders,
            boolean limit,
            boolean offset)
            implements StatementShape {

        /** Whether columns are to be left out that the select list does not settle. */
        public boolean excludes() {
            return selected.isEmpty() && !excluded.isEmpty();
        }

        @Override
        public Collection<String> columns() {
            var columns = new ArrayList<String>();
            selected.stream().filter(one -> !one.isStar()).forEach(one -> columns.add(one.column()));
            where.collectColumns(columns);
            orders.stream().map(Order::column).filter(this::isNoLabel).forEach(columns::add);
            return columns;
        }

        private boolean isNoLabel(String column) {
            return selected.stream().noneMatch(one -> column.equals(one.label()));
        }
    }

    /** How many rows meet the conditions. */
    record Count(String table, Where where) implements StatementShape {
        @Override
        public Collection<String> columns() {
            return columnsOf(where);
        }
    }

    /** A row of anything, if one meets the conditions. Its last binding is a limit of 1. */
    record Exists(String table, Where where) implements StatementShape {
        @Override
        public Collection<String> columns() {
            return columnsOf(where);
        }
    }

    /**
     * One new row.
     *
     * @param assigned the columns that get a value; none for a row of defaults
     * @param keys the generated columns to give back, which the driver adds to the text
     */
    record Insert(String table, List<String> assigned, List<String> keys) implements StatementShape {
        @Override
        public Collection<String> columns() {
            var columns = new ArrayList<>(assigned);
            columns.addAll(keys);
            return columns;
        }
    }

    /** New values, bound before those of the conditions. */
    record Update(String table, List<String> assigned, Where where) implements StatementShape {
        @Override
        public Collection<String> columns() {
            Collection<String> columns = columnsOf(where);
            columns.addAll(assigned);
            return columns;
        }
    }

    /** Rows to remove. */
    record Delete(String table, Where where) implements StatementShape {
        @Override
        public Collection<String> columns() {
            return columnsOf(where);
        }
    }

    private static Collection<String> columnsOf(Where where) {
        var columns = new ArrayList<String>();
        where.collectColumns(columns);
        return columns;
    }
}
