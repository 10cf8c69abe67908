package dev.bunary.orm.driver.sqlite;

import dev.bunary.orm.driver.InvalidQueryException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How values are stored, as the factory's documentation lists it. */
final class SqliteStorage {
    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");
    private static final int SECONDS = "2026-11-23T10:15:30".length();
    private static final int NANOS = 9;
    private static final int MAX_ZEROS = 10_000;

    private SqliteStorage() {}

    /** The parameters as sqlite-jdbc takes them; the same array if nothing is to be converted. */
    static @Nullable Object @Nullable [] stored(@Nullable Object[] params) {
        if (params.length == 0) {
            return null; // spares sqlite-jdbc a look at the statement
        }
        Object[] stored = params;
        for (int i = 0; i < params.length; i++) {
            Object value = stored(i + 1, params[i]);
            if (value != params[i]) {
                stored = stored == params ? params.clone() : stored;
                stored[i] = value;
            }
        }
        return stored;
    }

    /** One parameter as an Integer, Long, Double, String, byte[] or null. */
    static @Nullable Object stored(int index, @Nullable Object value) {
        if (value == null
                || value instanceof Long
                || value instanceof String
                || value instanceof Integer
                || value instanceof byte[]) {
            return value;
        }
        if (value instanceof Boolean bool) {
            return bool ? 1 : 0;
        }
        if (value instanceof Double || value instanceof Float) {
            return number(index, ((Number) value).doubleValue());
        }
        if (value instanceof Short || value instanceof Byte) {
            return ((Number) value).intValue();
        }
        return text(index, value);
    }

    private static double number(int index, double value) {
        if (Double.isNaN(value)) {
            throw new InvalidQueryException(
                    "parameter " + index + " is NaN, which SQLite would store as NULL; bind null if that is meant");
        }
        return value;
    }

    private static String text(int index, Object value) {
        if (value instanceof Instant instant) {
            return fixedWidth(index, instant);
        }
        if (value instanceof BigDecimal number) {
            return plain(index, number);
        }
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        if (value instanceof LocalDate
                || value instanceof LocalDateTime
                || value instanceof LocalTime
                || value instanceof UUID
                || value instanceof BigInteger) {
            return value.toString();
        }
        throw new InvalidQueryException("parameter " + index + " is a "
                + value.getClass().getName() + ", which cannot be bound; the types that can are listed at Values");
    }

    /** Text such as 1E+999999999 is short, but as a plain number it would fill the memory. */
    private static String plain(int index, BigDecimal number) {
        long zeros = number.scale() < 0 ? -(long) number.scale() : (long) number.scale() - number.precision();
        if (zeros > MAX_ZEROS) {
            throw new InvalidQueryException("parameter " + index + " is a BigDecimal that needs more than " + MAX_ZEROS
                    + " zeros as a plain number; store its unscaled value and its scale");
        }
        return number.toPlainString();
    }

    /** Nine fraction digits always: with fewer, "30Z" would sort after "30.5Z". */
    private static String fixedWidth(int index, Instant instant) {
        if (instant.isBefore(FIRST) || instant.isAfter(LAST)) {
            throw new InvalidQueryException("parameter " + index
                    + " is an Instant outside the years 0000 to 9999, which ISO-8601 text of fixed "
                    + "width cannot hold; store its seconds as a number");
        }
        String text = instant.toString();
        int digits = Math.max(0, text.length() - SECONDS - ".Z".length());
        var fixed = new StringBuilder(SECONDS + NANOS + ".Z".length());
        fixed.append(text, 0, text.length() - 1);
        if (digits == 0) {
            fixed.append('.');
        }
        return fixed.append("0".repeat(NANOS - digits)).append('Z').toString();
    }
}
