package dev.bunary.orm.sql;

import dev.bunary.orm.driver.InvalidQueryException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The rule for values: only the types that every driver binds, see {@link dev.bunary.orm.driver.Values}. */
public final class Bindable {
    private Bindable() {}

    /**
     * Checks a value, which null passes.
     *
     * @param column the column it is for, which an error names; the value is never shown
     * @return the value; bytes are copied, as their owner may change them
     * @throws InvalidQueryException if no driver can bind its type
     */
    public static @Nullable Object checked(String column, @Nullable Object value) {
        if (value == null || isText(value) || isNumber(value) || isTime(value) || value instanceof Boolean) {
            return value;
        }
        if (value instanceof byte[] bytes) {
            return bytes.clone();
        }
        throw new InvalidQueryException(
                "column '" + column + "' was given a " + value.getClass().getName()
                        + ", which no driver can bind; convert it to a String, number, Boolean, byte[], UUID, enum, Instant,"
                        + " LocalDate, LocalTime or LocalDateTime");
    }

    private static boolean isText(Object value) {
        return value instanceof String || value instanceof UUID || value instanceof Enum;
    }

    private static boolean isNumber(Object value) {
        return value instanceof Long
                || value instanceof Integer
                || value instanceof Double
                || value instanceof BigDecimal
                || value instanceof BigInteger
                || value instanceof Float
                || value instanceof Short
                || value instanceof Byte;
    }

    private static boolean isTime(Object value) {
        return value instanceof Instant
                || value instanceof LocalDate
                || value instanceof LocalTime
                || value instanceof LocalDateTime;
    }
}
