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
        return this instanceof Select || this instanceof OfRows rows && rows.verb != Verb.DELETE;
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

    /** What is to be done about all rows that meet some conditions. */
    enum Verb {
        /** Gives how many there are. */
        COUNT("SELECT COUNT(*) FROM "),

        /** Gives a row of anything if there is one. Its last binding is a limit of 1. */
        EXISTS("SELECT 1 FROM "),

        /** Removes them. */
        DELETE("DELETE FROM ");

        final String sql;

        Verb(String sql) {
            this.sql = sql;
        }
    }

    /** One verb for all rows that meet the conditions. */
    record OfRows(Verb verb, String table, Where where) implements StatementShape {
        @Override
        public Collection<String> columns() {
            return columnsOf(where);
        }
    }

    /**
     * New rows.
     *
     * @param assigned the columns that get a value; none for a row of defaults
     * @param keys the generated columns to give back, which the driver adds to the text
     * @param rows how many rows of values, 1 for a row of defaults; the bindings of one stand behind those of the other
     */
    record Insert(String table, List<String> assigned, List<String> keys, int rows) implements StatementShape {

        /** The same for another number of rows. */
        Insert ofRows(int number) {
            return new Insert(table, assigned, keys, number);
        }

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

    private static Collection<String> columnsOf(Where where) {
        var columns = new ArrayList<String>();
        where.collectColumns(columns);
        return columns;
    }
}
