package dev.bunary.orm.jdbc;

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
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Binds the types every driver accepts by plain JDBC. */
final class Parameters {
    private Parameters() {}

    static void bind(PreparedStatement statement, int index, @Nullable Object value) throws SQLException {
        if (value == null) {
            statement.setNull(index, Types.NULL);
        } else if (value instanceof String text) {
            statement.setString(index, text);
        } else if (value instanceof byte[] bytes) {
            statement.setBytes(index, bytes);
        } else if (value instanceof Instant instant) {
            statement.setObject(index, instant.atOffset(ZoneOffset.UTC));
        } else if (value instanceof BigInteger number) {
            statement.setBigDecimal(index, new BigDecimal(number));
        } else if (value instanceof Byte || value instanceof Short) {
            statement.setInt(index, ((Number) value).intValue());
        } else if (value instanceof Float number) {
            statement.setDouble(index, number.doubleValue());
        } else if (value instanceof Enum<?> constant) {
            statement.setString(index, constant.name());
        } else if (value instanceof Long
                || value instanceof Integer
                || value instanceof Double
                || value instanceof Boolean
                || value instanceof BigDecimal
                || value instanceof LocalDate
                || value instanceof LocalTime
                || value instanceof LocalDateTime
                || value instanceof UUID) {
            statement.setObject(index, value);
        } else {
            throw refused(index, value);
        }
    }

    static InvalidQueryException refused(int index, Object value) {
        return new InvalidQueryException("parameter " + index + " is a "
                + value.getClass().getName()
                + ", which cannot be bound; the types that can are listed at Values");
    }
}
