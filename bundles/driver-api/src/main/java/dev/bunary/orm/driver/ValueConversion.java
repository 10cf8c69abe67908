package dev.bunary.orm.driver;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;

/** The conversions of {@link Values}' typed reads: exact or an error that names the column, never the value. */
final class ValueConversion {
    private static final Map<Class<?>, BiFunction<Values, Integer, Object>> READS = Map.ofEntries(
            Map.entry(Object.class, ValueConversion::present),
            Map.entry(Long.class, ValueConversion::toLong),
            Map.entry(long.class, ValueConversion::toLong),
            Map.entry(Integer.class, ValueConversion::toInt),
            Map.entry(int.class, ValueConversion::toInt),
            Map.entry(Double.class, ValueConversion::toDouble),
            Map.entry(double.class, ValueConversion::toDouble),
            Map.entry(Boolean.class, ValueConversion::toBoolean),
            Map.entry(boolean.class, ValueConversion::toBoolean),
            Map.entry(String.class, ValueConversion::toText),
            Map.entry(byte[].class, ValueConversion::toBytes),
            Map.entry(Instant.class, ValueConversion::toInstant),
            Map.entry(LocalDate.class, ValueConversion::toLocalDate),
            Map.entry(LocalTime.class, ValueConversion::toLocalTime),
            Map.entry(LocalDateTime.class, ValueConversion::toLocalDateTime),
            Map.entry(UUID.class, ValueConversion::toUuid),
            Map.entry(BigDecimal.class, ValueConversion::toBigDecimal),
            Map.entry(BigInteger.class, ValueConversion::toBigInteger));

    /** Text such as 1E+999999999 is short but would fill the memory as a plain one. */
    private static final int MAX_ZEROS = 10_000;

    private ValueConversion() {}

    @SuppressWarnings("unchecked") // READS maps a class to a function that gives that class, or its box
    static <T> T to(Values row, int column, Class<T> type) {
        var read = READS.get(type);
        if (read == null) {
            throw new ColumnTypeException("column '" + row.columns().label(column) + "' cannot be read as "
                    + type.getName() + "; the types a value can be read as are listed at Values");
        }
        return (T) read.apply(row, column);
    }

    static long toLong(Values row, int column) {
        Object value = present(row, column);
        if (value instanceof Long || value instanceof Integer) {
            return ((Number) value).longValue();
        }
        try {
            return exact(row, column, value, "a long").longValueExact();
        } catch (ArithmeticException notExact) {
            throw refused(row, column, value, "a long", "it has a fraction or is out of range");
        }
    }

    static int toInt(Values row, int column) {
        long value = toLong(row, column);
        if (value != (int) value) {
            throw refused(row, column, value, "an int", "it is out of range, use getLong");
        }
        return (int) value;
    }

    static double toDouble(Values row, int column) {
        Object value = present(row, column);
        if (value instanceof Double number) {
            return number;
        }
        BigDecimal number = exact(row, column, value, "a double");
        double nearest = number.doubleValue();
        if (Double.isInfinite(nearest)) {
            throw refused(row, column, value, "a double", "it is out of range");
        }
        if (!(value instanceof BigDecimal) && new BigDecimal(nearest).compareTo(number) != 0) {
            throw refused(row, column, value, "a double", "it has too many digits, use getLong");
        }
        return nearest;
    }

    static boolean toBoolean(Values row, int column) {
        Object value = present(row, column);
        if (value instanceof Boolean bool) {
            return bool;
        }
        BigDecimal number = exact(row, column, value, "a boolean");
        if (number.signum() != 0 && number.compareTo(BigDecimal.ONE) != 0) {
            throw refused(row, column, value, "a boolean", "only true, false, 0 and 1 are");
        }
        return number.signum() != 0;
    }

    static String toText(Values row, int column) {
        Object value = present(row, column);
        if (value instanceof byte[]) {
            throw refused(row, column, value, "text", "use getBytes");
        }
        if (value instanceof BigDecimal decimal) {
            if (Math.abs((long) decimal.scale()) > MAX_ZEROS + (long) decimal.precision()) {
                throw refused(
                        row, column, value, "text", "it has more than " + MAX_ZEROS + " zeros, use getBigDecimal");
            }
            return decimal.toPlainString();
        }
        return value.toString();
    }

    static byte[] toBytes(Values row, int column) {
        Object value = present(row, column);
        if (value instanceof byte[] bytes) {
            return bytes;
        }
        throw refused(row, column, value, "bytes", "only a blob is");
    }

    static Instant toInstant(Values row, int column) {
        Object value = present(row, column);
        if (value instanceof Instant instant) {
            return instant;
        }
        if (value instanceof String text) {
            try {
                return hasZone(text)
                        ? OffsetDateTime.parse(isoTime(text)).toInstant()
                        : LocalDateTime.parse(isoTime(text)).toInstant(ZoneOffset.UTC);
            } catch (DateTimeException notATime) {
                throw refused(row, column, value, "an Instant", "the text is no ISO-8601 date and time");
            }
        }
        throw refused(row, column, value, "an Instant", "it is no point in time");
    }

    static LocalDate toLocalDate(Values row, int column) {
        Object value = present(row, column);
        if (value instanceof LocalDate date) {
            return date;
        }
        if (value instanceof String text) {
            try {
                return LocalDate.parse(text);
            } catch (DateTimeException notADate) {
                throw refused(row, column, value, "a LocalDate", "the text is no ISO-8601 date");
            }
        }
        throw refused(row, column, value, "a LocalDate", "it is no date");
    }

    static LocalTime toLocalTime(Values row, int column) {
        Object value = present(row, column);
        if (value instanceof LocalTime time) {
            return time;
        }
        if (value instanceof String text) {
            try {
                return LocalTime.parse(text);
            } catch (DateTimeException notATime) {
                throw refused(row, column, value, "a LocalTime", "the text is no ISO-8601 time");
            }
        }
        throw refused(row, column, value, "a LocalTime", "it is no time");
    }

    static LocalDateTime toLocalDateTime(Values row, int column) {
        Object value = present(row, column);
        if (value instanceof LocalDateTime time) {
            return time;
        }
        if (value instanceof String text) {
            try {
                return LocalDateTime.parse(isoTime(text));
            } catch (DateTimeException notATime) {
                throw refused(row, column, value, "a LocalDateTime", "the text is no ISO-8601 date and time");
            }
        }
        throw refused(row, column, value, "a LocalDateTime", "it is no date and time");
    }

    static UUID toUuid(Values row, int column) {
        Object value = present(row, column);
        if (value instanceof UUID uuid) {
            return uuid;
        }
        if (value instanceof String text && text.length() == 36) {
            try {
                UUID uuid = UUID.fromString(text);
                // fromString takes groups of any length and drops what is too much
                if (uuid.toString().equalsIgnoreCase(text)) {
                    return uuid;
                }
            } catch (IllegalArgumentException notAUuid) {
                throw refused(row, column, value, "a UUID", "the text is none");
            }
        }
        throw refused(row, column, value, "a UUID", "it is none");
    }

    static BigDecimal toBigDecimal(Values row, int column) {
        Object value = present(row, column);
        if (value instanceof Double number && Double.isFinite(number)) {
            return BigDecimal.valueOf(number);
        }
        if (value instanceof String text) {
            try {
                return new BigDecimal(text);
            } catch (NumberFormatException notANumber) {
                throw refused(row, column, value, "a BigDecimal", "the text is no decimal number");
            }
        }
        return exact(row, column, value, "a BigDecimal");
    }

    private static BigInteger toBigInteger(Values row, int column) {
        Object value = present(row, column);
        BigDecimal number =
                value instanceof String ? toBigDecimal(row, column) : exact(row, column, value, "a BigInteger");
        if (number.scale() < -MAX_ZEROS) {
            throw refused(row, column, value, "a BigInteger", "it has more than " + MAX_ZEROS + " zeros at its end");
        }
        try {
            return number.toBigIntegerExact();
        } catch (ArithmeticException notExact) {
            throw refused(row, column, value, "a BigInteger", "it has a fraction");
        }
    }

    /** The very number: a double's binary value, where {@link #toBigDecimal} gives its shortest decimal. */
    private static BigDecimal exact(Values row, int column, Object value, String wanted) {
        if (value instanceof BigDecimal decimal) {
            return decimal;
        }
        if (value instanceof Long || value instanceof Integer) {
            return BigDecimal.valueOf(((Number) value).longValue());
        }
        if (value instanceof Double number && Double.isFinite(number)) {
            return new BigDecimal(number);
        }
        throw refused(row, column, value, wanted, "it is not such a number");
    }

    private static Object present(Values row, int column) {
        Object value = row.value(column);
        if (value == null) {
            throw new ColumnTypeException("column '" + row.columns().label(column)
                    + "' is NULL; read it with optional(column, type) or ask isNull first");
        }
        return value;
    }

    private static ColumnTypeException refused(Values row, int column, Object value, String wanted, String why) {
        return new ColumnTypeException("column '" + row.columns().label(column) + "' holds "
                + value.getClass().getSimpleName() + ", which cannot be read as " + wanted + ": " + why);
    }

    /** SQLite's own functions write a blank between date and time. */
    private static String isoTime(String text) {
        return text.length() > 10 && text.charAt(10) == ' ' ? text.substring(0, 10) + 'T' + text.substring(11) : text;
    }

    private static boolean hasZone(String text) {
        return text.endsWith("Z") || text.lastIndexOf('+') > 10 || text.lastIndexOf('-') > 10;
    }
}
