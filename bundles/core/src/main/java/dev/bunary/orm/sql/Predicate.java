package dev.bunary.orm.sql;

import java.util.Collection;

/** One condition without its values: what is compared, not with what. */
public sealed interface Predicate {

    /** Adds the columns it names, as they were written. */
    void collectColumns(Collection<String> columns);

    /** A column compared with one value. */
    record Comparison(String column, Operator operator) implements Predicate {
        @Override
        public void collectColumns(Collection<String> columns) {
            columns.add(column);
        }
    }

    /** A column that is, or is not, SQL NULL. */
    record NullCheck(String column, boolean negated) implements Predicate {
        @Override
        public void collectColumns(Collection<String> columns) {
            columns.add(column);
        }
    }

    /** A column that has one of so many values; of none, no row. */
    record In(String column, int count) implements Predicate {
        @Override
        public void collectColumns(Collection<String> columns) {
            columns.add(column);
        }
    }

    /** A column between two values, both included. */
    record Between(String column) implements Predicate {
        @Override
        public void collectColumns(Collection<String> columns) {
            columns.add(column);
        }
    }

    /** Conditions in parentheses. */
    record Group(Where where) implements Predicate {
        @Override
        public void collectColumns(Collection<String> columns) {
            where.collectColumns(columns);
        }
    }
}
