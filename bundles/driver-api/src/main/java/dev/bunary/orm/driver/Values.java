package dev.bunary.orm.driver;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The values of one row, by index from 0.
 *
 * <p><b>Value types.</b> A driver accepts these as parameters and puts only these into a row: {@code null},
 * {@link Boolean}, {@link Integer}, {@link Long}, {@link Double}, {@link BigDecimal}, {@link String}, {@code byte[]},
 * {@link Instant}, {@link LocalDate}, {@link java.time.LocalTime}, {@link LocalDateTime} and {@link UUID}. As parameters
 * also {@link Short}, {@link Byte}, {@link Float}, {@link java.math.BigInteger} and enums (by name).
 *
 * <p><b>Typed reads</b> convert where nothing is lost: between number types when the value fits exactly, 0 and 1 to
 * boolean, ISO-8601 text to dates and times (also {@code yyyy-MM-dd HH:mm:ss}, which SQLite's CURRENT_TIMESTAMP writes,
 * in UTC), text to {@link UUID}, {@link BigDecimal} and {@link java.math.BigInteger}, and any number, boolean, date, time
 * or UUID to text. The one read that rounds: a {@link BigDecimal} as a double gives the nearest; a double as a
 * {@link BigDecimal} gives its shortest decimal form. Anything else, SQL NULL included, is a {@link ColumnTypeException}
 * that names the column and never shows the value. An index that no column has is an {@link IndexOutOfBoundsException}.
 *
 * <p>Text is well-formed UTF-16: half a surrogate pair is no character, and a database stores a replacement for it.
 *
 * <p>Used by one thread at a time.
 */
@ConsumerType
public interface Values {

    /**
     * The columns of this row.
     *
     * @return the shared header
     */
    Columns columns();

    /**
     * The value as the database gave it.
     *
     * @param column index from 0
     * @return the value, or null for SQL NULL
     */
    @Nullable
    Object value(int column);

    /**
     * All values of the row, as {@link #value} gives them: one call, where a driver can save work by that.
     *
     * @return a new array, one value per column; null for SQL NULL
     */
    default @Nullable Object[] toArray() {
        Object[] values = new Object[columns().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(i);
        }
        return values;
    }

    /**
     * Whether the value is SQL NULL.
     *
     * @param column index from 0
     * @return true for SQL NULL
     */
    default boolean isNull(int column) {
        return value(column) == null;
    }

    /**
     * Reads a whole number.
     *
     * @param column index from 0
     * @return the value
     * @throws ColumnTypeException if it is NULL or no whole number that fits 64 bits
     */
    default long getLong(int column) {
        return ValueConversion.toLong(this, column);
    }

    /**
     * Reads a whole number that fits 32 bits.
     *
     * @param column index from 0
     * @return the value
     * @throws ColumnTypeException if it is NULL or no whole number that fits 32 bits
     */
    default int getInt(int column) {
        return ValueConversion.toInt(this, column);
    }

    /**
     * Reads a floating-point number.
     *
     * @param column index from 0
     * @return the value
     * @throws ColumnTypeException if it is NULL, not a number, out of range, or a whole number no double can hold
     */
    default double getDouble(int column) {
        return ValueConversion.toDouble(this, column);
    }

    /**
     * Reads a boolean, which may be stored as 0 or 1.
     *
     * @param column index from 0
     * @return the value
     * @throws ColumnTypeException if it is NULL or anything but true, false, 0 or 1
     */
    default boolean getBoolean(int column) {
        return ValueConversion.toBoolean(this, column);
    }

    /**
     * Reads text.
     *
     * @param column index from 0
     * @return the value
     * @throws ColumnTypeException if it is NULL or bytes
     */
    default String getString(int column) {
        return ValueConversion.toText(this, column);
    }

    /**
     * Reads bytes.
     *
     * @param column index from 0
     * @return the value, a new array where the database gives one
     * @throws ColumnTypeException if it is NULL or not bytes
     */
    default byte[] getBytes(int column) {
        return ValueConversion.toBytes(this, column);
    }

    /**
     * Reads a point in time.
     *
     * @param column index from 0
     * @return the value
     * @throws ColumnTypeException if it is NULL or no point in time
     */
    default Instant getInstant(int column) {
        return ValueConversion.toInstant(this, column);
    }

    /**
     * Reads a date.
     *
     * @param column index from 0
     * @return the value
     * @throws ColumnTypeException if it is NULL or no date
     */
    default LocalDate getLocalDate(int column) {
        return ValueConversion.toLocalDate(this, column);
    }

    /**
     * Reads a date and time without a zone.
     *
     * @param column index from 0
     * @return the value
     * @throws ColumnTypeException if it is NULL or no date and time
     */
    default LocalDateTime getLocalDateTime(int column) {
        return ValueConversion.toLocalDateTime(this, column);
    }

    /**
     * Reads a UUID.
     *
     * @param column index from 0
     * @return the value
     * @throws ColumnTypeException if it is NULL or no UUID
     */
    default UUID getUuid(int column) {
        return ValueConversion.toUuid(this, column);
    }

    /**
     * Reads an exact decimal number.
     *
     * @param column index from 0
     * @return the value
     * @throws ColumnTypeException if it is NULL or no number
     */
    default BigDecimal getBigDecimal(int column) {
        return ValueConversion.toBigDecimal(this, column);
    }

    /**
     * Reads a value as a type.
     *
     * @param column index from 0
     * @param type one of the types a row holds, boxed or primitive, {@code BigInteger}, or {@code Object} for any
     * @param <T> the type
     * @return the value
     * @throws ColumnTypeException if it is NULL, or cannot be read as the type
     */
    default <T> T get(int column, Class<T> type) {
        return ValueConversion.to(this, column, type);
    }

    /**
     * Reads a value that may be NULL as a type.
     *
     * @param column index from 0
     * @param type as for {@link #get(int, Class)}
     * @param <T> the type
     * @return the value, or empty for SQL NULL
     * @throws ColumnTypeException if it cannot be read as the type
     */
    default <T> Optional<T> optional(int column, Class<T> type) {
        return isNull(column) ? Optional.empty() : Optional.of(get(column, type));
    }
}
