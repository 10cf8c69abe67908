package dev.bunary.orm.driver;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One row of a result, detached from the database: a shared header and values by index. Immutable and safe for use by
 * many threads, except that the content of a {@code byte[]} is not copied. Reads by label are those of {@link Values} by
 * index, with the same conversions and errors; an unknown label is an {@link UnknownColumnException}.
 */
public final class Row implements Values {
    private final Columns columns;
    private final @Nullable Object[] values;

    private Row(Columns columns, @Nullable Object[] values) {
        this.columns = columns;
        this.values = values;
    }

    /**
     * Makes a row. The array is kept, not copied: whoever makes rows by the thousand hands over a fresh one.
     *
     * @param columns the shared header
     * @param values one value per column, of the types {@link Values} lists
     * @return the row
     * @throws IllegalArgumentException if there are more or fewer values than columns
     */
    public static Row of(Columns columns, @Nullable Object... values) {
        if (values.length != columns.size()) {
            throw new IllegalArgumentException(
                    "a row of " + columns.size() + " columns was given " + values.length + " values");
        }
        return new Row(columns, values);
    }

    /**
     * A reader that makes rows of all columns.
     *
     * @return the reader
     */
    public static RowReader<Row> reader() {
        return columns -> row -> new Row(columns, row.toArray());
    }

    @Override
    public Columns columns() {
        return columns;
    }

    @Override
    public @Nullable Object value(int column) {
        return values[column];
    }

    @Override
    public @Nullable Object[] toArray() {
        return values.clone();
    }

    /**
     * The value as the database gave it.
     *
     * @param label the column
     * @return the value, or null for SQL NULL
     * @throws UnknownColumnException if there is no such column
     */
    public @Nullable Object value(String label) {
        return value(columns.index(label));
    }

    /**
     * Whether the value is SQL NULL.
     *
     * @param label the column
     * @return true for SQL NULL
     */
    public boolean isNull(String label) {
        return isNull(columns.index(label));
    }

    /**
     * Reads a whole number.
     *
     * @param label the column
     * @return the value
     */
    public long getLong(String label) {
        return getLong(columns.index(label));
    }

    /**
     * Reads a whole number that fits 32 bits.
     *
     * @param label the column
     * @return the value
     */
    public int getInt(String label) {
        return getInt(columns.index(label));
    }

    /**
     * Reads a floating-point number.
     *
     * @param label the column
     * @return the value
     */
    public double getDouble(String label) {
        return getDouble(columns.index(label));
    }

    /**
     * Reads a boolean.
     *
     * @param label the column
     * @return the value
     */
    public boolean getBoolean(String label) {
        return getBoolean(columns.index(label));
    }

    /**
     * Reads text.
     *
     * @param label the column
     * @return the value
     */
    public String getString(String label) {
        return getString(columns.index(label));
    }

    /**
     * Reads bytes.
     *
     * @param label the column
     * @return the value, not copied
     */
    public byte[] getBytes(String label) {
        return getBytes(columns.index(label));
    }

    /**
     * Reads a point in time.
     *
     * @param label the column
     * @return the value
     */
    public Instant getInstant(String label) {
        return getInstant(columns.index(label));
    }

    /**
     * Reads a date.
     *
     * @param label the column
     * @return the value
     */
    public LocalDate getLocalDate(String label) {
        return getLocalDate(columns.index(label));
    }

    /**
     * Reads a date and time without a zone.
     *
     * @param label the column
     * @return the value
     */
    public LocalDateTime getLocalDateTime(String label) {
        return getLocalDateTime(columns.index(label));
    }

    /**
     * Reads a UUID.
     *
     * @param label the column
     * @return the value
     */
    public UUID getUuid(String label) {
        return getUuid(columns.index(label));
    }

    /**
     * Reads an exact decimal number.
     *
     * @param label the column
     * @return the value
     */
    public BigDecimal getBigDecimal(String label) {
        return getBigDecimal(columns.index(label));
    }

    /**
     * Reads a value as a type.
     *
     * @param label the column
     * @param type as for {@link Values#get(int, Class)}
     * @param <T> the type
     * @return the value
     */
    public <T> T get(String label, Class<T> type) {
        return get(columns.index(label), type);
    }

    /**
     * Reads a value that may be NULL as a type.
     *
     * @param label the column
     * @param type as for {@link Values#get(int, Class)}
     * @param <T> the type
     * @return the value, or empty for SQL NULL
     */
    public <T> Optional<T> optional(String label, Class<T> type) {
        return optional(columns.index(label), type);
    }

    /**
     * The row as a map in column order; SQL NULL is null.
     *
     * @return a new, unmodifiable map
     */
    public Map<String, @Nullable Object> toMap() {
        var map = new LinkedHashMap<String, @Nullable Object>(values.length * 2);
        for (int i = 0; i < values.length; i++) {
            map.put(columns.label(i), values[i]);
        }
        return Collections.unmodifiableMap(map);
    }

    /** Rows are equal when their labels and values are; bytes are compared by content. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Row that && columns.equals(that.columns) && Arrays.deepEquals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * columns.hashCode() + Arrays.deepHashCode(values);
    }

    /** Labels and values; bytes are shown by their number. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>(values.length);
        for (int i = 0; i < values.length; i++) {
            Object value = values[i];
            parts.add(columns.label(i) + "=" + (value instanceof byte[] bytes ? bytes.length + " bytes" : value));
        }
        return "Row{" + String.join(", ", parts) + "}";
    }
}
