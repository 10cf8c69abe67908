package dev.bunary.orm.jdbc;

import dev.bunary.orm.driver.ColumnTypeException;
import dev.bunary.orm.driver.Columns;
import dev.bunary.orm.driver.SqlException;
import dev.bunary.orm.driver.SqlFailure;
import dev.bunary.orm.driver.Values;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The current row of any JDBC result: what {@code getObject} gives, turned into the ORM's value types. */
final class ResultSetRow implements Values {
    private static final Set<Class<?>> VALUE_TYPES = Set.of(
            Boolean.class,
            Integer.class,
            Long.class,
            Double.class,
            BigDecimal.class,
            String.class,
            byte[].class,
            Instant.class,
            LocalDate.class,
            LocalTime.class,
            LocalDateTime.class,
            UUID.class);

    private final ResultSet result;
    private final Columns columns;

    ResultSetRow(ResultSet result, Columns columns) {
        this.result = result;
        this.columns = columns;
    }

    @Override
    public Columns columns() {
        return columns;
    }

    @Override
    public @Nullable Object value(int column) {
        String label = columns.label(column);
        try {
            Object value = result.getObject(column + 1);
            return value == null ? null : converted(label, column + 1, value);
        } catch (SQLException error) {
            throw new SqlException(new SqlFailure(
                    "column '" + label + "' cannot be read: " + error.getMessage(),
                    null,
                    error.getSQLState(),
                    error.getErrorCode(),
                    error));
        }
    }

    private @Nullable Object converted(String label, int index, Object value) throws SQLException {
        if (value instanceof Short || value instanceof Byte) {
            return ((Number) value).intValue();
        }
        if (value instanceof Float number) {
            return number.doubleValue();
        }
        if (value instanceof BigInteger number) {
            return new BigDecimal(number);
        }
        // java.sql's own types lose fractions of seconds, old dates and hours that summer time skips (JDBC 4.2 has
        // better)
        if (value instanceof Timestamp) {
            return result.getObject(index, LocalDateTime.class);
        }
        if (value instanceof Date) {
            return result.getObject(index, LocalDate.class);
        }
        if (value instanceof Time) {
            return result.getObject(index, LocalTime.class);
        }
        if (value instanceof OffsetDateTime time) {
            return time.toInstant();
        }
        if (value instanceof ZonedDateTime time) {
            return time.toInstant();
        }
        if (value instanceof Clob clob) {
            return clob.getSubString(1, Math.toIntExact(clob.length()));
        }
        if (value instanceof Blob blob) {
            return blob.getBytes(1, Math.toIntExact(blob.length()));
        }
        return known(label, value);
    }

    private static Object known(String label, Object value) {
        if (VALUE_TYPES.contains(value.getClass())) {
            return value;
        }
        throw new ColumnTypeException("column '" + label + "' holds a "
                + value.getClass().getName() + ", which is none of the types listed at Values");
    }
}
