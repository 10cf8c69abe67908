package dev.bunary.orm.driver;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The labels of a result's columns, in order; indexes start at 0. Immutable, and shared by all rows of a result. */
public final class Columns {
    private final List<String> labels;
    private final Map<String, Integer> indexes;

    private Columns(List<String> labels) {
        this.labels = List.copyOf(labels);
        this.indexes = new HashMap<>(labels.size() * 2);
        for (int i = 0; i < labels.size(); i++) {
            if (indexes.put(this.labels.get(i), i) != null) {
                throw new InvalidQueryException("two columns of the result are labelled '" + labels.get(i)
                        + "'; give one of them another label with 'column as alias'");
            }
        }
    }

    /**
     * Makes a header.
     *
     * @param labels the labels in order; copied
     * @return the header
     * @throws InvalidQueryException if two labels are equal
     */
    public static Columns of(List<String> labels) {
        return new Columns(labels);
    }

    /**
     * The labels in order.
     *
     * @return an unmodifiable list
     */
    public List<String> labels() {
        return labels;
    }

    /**
     * How many columns there are.
     *
     * @return the number of columns
     */
    public int size() {
        return labels.size();
    }

    /**
     * The label of a column.
     *
     * @param index from 0
     * @return its label
     */
    public String label(int index) {
        return labels.get(index);
    }

    /**
     * The index of a column that must be there.
     *
     * @param label exactly as the database gave it
     * @return its index, from 0
     * @throws UnknownColumnException if there is none; lists the labels
     */
    public int index(String label) {
        Integer index = indexes.get(label);
        if (index == null) {
            throw new UnknownColumnException(
                    "column '" + label + "' is not in the result; its columns: " + String.join(", ", labels));
        }
        return index;
    }

    /**
     * The index of a column that may be missing.
     *
     * @param label exactly as the database gave it
     * @return its index, from 0, or empty
     */
    public OptionalInt find(String label) {
        Integer index = indexes.get(label);
        return index == null ? OptionalInt.empty() : OptionalInt.of(index);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Columns that && labels.equals(that.labels);
    }

    @Override
    public int hashCode() {
        return labels.hashCode();
    }

    /** The labels. */
    @Override
    public String toString() {
        return labels.toString();
    }
}
