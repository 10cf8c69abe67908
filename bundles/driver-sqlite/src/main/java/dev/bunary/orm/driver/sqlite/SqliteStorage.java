package dev.bunary.orm.driver.sqlite;

import dev.bunary.orm.driver.InvalidQueryException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
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

    private SqliteStorage() {}

    static void bind(PreparedStatement statement, int index, @Nullable Object value) throws SQLException {
        if (value == null) {
            statement.setNull(index, Types.NULL);
        } else if (value instanceof Long || value instanceof Integer) {
            statement.setObject(index, value);
        } else if (value instanceof String text) {
            statement.setString(index, text);
        } else if (value instanceof byte[] bytes) {
            statement.setBytes(index, bytes);
        } else if (value instanceof Boolean bool) {
            statement.setInt(index, bool ? 1 : 0);
        } else if (value instanceof Double || value instanceof Float) {
            statement.setDouble(index, number(index, ((Number) value).doubleValue()));
        } else if (value instanceof Short || value instanceof Byte) {
            statement.setInt(index, ((Number) value).intValue());
        } else {
            statement.setString(index, text(index, value));
        }
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
            return number.toPlainString();
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
