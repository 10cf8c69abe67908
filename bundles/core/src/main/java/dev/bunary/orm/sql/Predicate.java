package dev.bunary.orm.sql;

import java.util.Collection;

/** One condition without its values: what is compared, not with what. A {@link Where} is one in parentheses. */
public sealed interface Predicate permits Predicate.Comparison, Where {

    /** Adds the columns it names, as they were written. */
    void collectColumns(Collection<String> columns);

    /**
     * A column and what it is to be.
     *
     * @param values how many, where the operator takes any number of them; otherwise 1
     */
    record Comparison(String column, Operator operator, int values) implements Predicate {

        /** With an operator that takes as many values as it always does. */
        public Comparison(String column, Operator operator) {
            this(column, operator, 1);
        }

        @Override
        public void collectColumns(Collection<String> columns) {
            columns.add(column);
        }
    }
}
