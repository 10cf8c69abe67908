package dev.bunary.orm.driver.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.ColumnTypeException;
import dev.bunary.orm.driver.Row;
import dev.bunary.orm.driver.Values;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The value types of {@link Values}: each is stored, comes back equal, and reads as SQL NULL where it was null. */
abstract class TypeContract extends ParameterContract {
    private static final Set<Class<?>> ROW_TYPES = Set.of(
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

    private enum Colour {
        RED,
        GREEN {
            @Override
            public String toString() {
                return "not the name";
            }
        }
    }

    @Test
    final void values_booleans_comeBackEqual() {
        assertStored(Boolean.class, List.of(true, false), row -> row.getBoolean("content"));
    }

    @Test
    final void values_integers_comeBackEqual() {
        assertStored(Integer.class, List.of(0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE), row -> row.getInt("content"));
    }

    @Test
    final void values_longs_comeBackEqual() {
        assertStored(
                Long.class,
                List.of(0L, -1L, (1L << 53) + 1, Long.MIN_VALUE, Long.MAX_VALUE),
                row -> row.getLong("content"));
    }

    @Test
    final void values_doubles_comeBackEqual() {
        assertStored(
                Double.class,
                List.of(0.0, 0.1, -1.5, Math.PI, 1e-300, Double.MIN_NORMAL, Double.MAX_VALUE, -Double.MAX_VALUE),
                row -> row.getDouble("content"));
    }

    @Test
    final void values_decimals_comeBackExactly() {
        var decimals = List.of(
                new BigDecimal("0"),
                new BigDecimal("-0.1"),
                new BigDecimal("12345678901234567890.12345"),
                new BigDecimal("99999999999999999999999999"),
                new BigDecimal("1E+20"));
        // compared without their scale, which a column may fix
        assertStored(
                BigDecimal.class,
                decimals,
                BigDecimal::stripTrailingZeros,
                row -> row.getBigDecimal("content").stripTrailingZeros());
    }

    @Test
    final void values_texts_comeBackEqual() {
        assertStored(String.class, List.of("", "0", "1e3", "007", "true", "text"), row -> row.getString("content"));
    }

    @Test
    final void values_bytes_comeBackEqual() {
        byte[] every = new byte[256];
        for (int i = 0; i < every.length; i++) {
            every[i] = (byte) i;
        }
        for (byte[] bytes : List.of(new byte[0], new byte[] {0}, every)) {
            createTable(columnType(byte[].class));
            store(bytes);
            assertArrayEquals(bytes, load().getBytes("content"));
            dropTable();
        }
    }

    @Test
    final void values_instants_comeBackEqual() {
        ChronoUnit unit = timePrecision();
        assertStored(
                Instant.class,
                List.of(
                        Instant.EPOCH.plusSeconds(1),
                        Instant.parse("2026-11-23T10:15:30Z"),
                        Instant.parse("2026-03-29T01:30:00.123456789Z").truncatedTo(unit),
                        Instant.parse("1999-12-31T23:59:59.999999999Z").truncatedTo(unit)),
                row -> row.getInstant("content"));
    }

    @Test
    final void values_dates_comeBackEqual() {
        assertStored(
                LocalDate.class,
                List.of(LocalDate.of(2024, 2, 29), LocalDate.of(1582, 10, 10), LocalDate.of(9999, 12, 31)),
                row -> row.getLocalDate("content"));
    }

    @Test
    final void values_times_comeBackEqual() {
        assertStored(
                LocalTime.class,
                List.of(
                        LocalTime.MIDNIGHT,
                        LocalTime.of(10, 15),
                        LocalTime.of(10, 15, 30),
                        LocalTime.MAX.truncatedTo(timePrecision())),
                row -> row.get("content", LocalTime.class));
    }

    @Test
    final void values_datesAndTimes_comeBackEqual() {
        assertStored(
                LocalDateTime.class,
                List.of(
                        LocalDateTime.of(2026, 11, 23, 0, 0),
                        LocalDateTime.of(2026, 11, 23, 10, 15, 30),
                        // skipped by clocks that are set forward in Europe: a driver must not go through a time zone
                        LocalDateTime.of(2026, 3, 29, 2, 30),
                        LocalDateTime.of(1999, 12, 31, 23, 59, 59, 999_999_999).truncatedTo(timePrecision())),
                row -> row.getLocalDateTime("content"));
    }

    @Test
    final void values_uuids_comeBackEqual() {
        assertStored(
                UUID.class,
                List.of(
                        new UUID(0, 0),
                        new UUID(-1, -1),
                        UUID.fromString("00000000-0000-4000-8000-000000000001"),
                        UUID.fromString("12345678-9012-4345-8678-901234567890")),
                row -> row.getUuid("content"));
    }

    @Test
    final void values_smallerNumbers_areStoredAsNumbers() {
        assertStored(Long.class, List.of(Short.MIN_VALUE), row -> (short) row.getInt("content"));
        assertStored(Long.class, List.of(Byte.MAX_VALUE), row -> (byte) row.getInt("content"));
        assertStored(Double.class, List.of(0.5f), row -> (float) row.getDouble("content"));
    }

    @Test
    final void values_bigIntegers_areStoredExactly() {
        assertStored(
                BigDecimal.class,
                List.of(new BigInteger("123456789012345678901234567890")),
                row -> row.get("content", BigInteger.class));
        assertStored(
                Long.class, List.of(BigInteger.valueOf(Long.MAX_VALUE)), row -> row.get("content", BigInteger.class));
    }

    @Test
    final void values_enums_areStoredByName() {
        assertStored(String.class, List.of(Colour.RED, Colour.GREEN), row -> Colour.valueOf(row.getString("content")));
    }

    @Test
    final void values_null_isNullInEveryType() {
        for (Class<?> type : ROW_TYPES) {
            createTable(columnType(type));
            store(null);
            Row row = load();
            assertTrue(row.isNull("content"), () -> type + " gives something else for SQL NULL");
            assertTrue(row.optional("content", type).isEmpty());
            assertThrows(ColumnTypeException.class, () -> row.get("content", type));
            dropTable();
        }
    }

    @Test
    final void values_readerByIndex_readsLikeARow() {
        createItems(1);
        insertItem(driver, 2, null);
        List<List<@Nullable Object>> read = driver.query(
                        sql("SELECT [id], [label], [amount] FROM [item] ORDER BY [id]"))
                .all(columns -> row -> readItem(row));
        assertEquals(List.of(1L, "item 1", 10, 10.0, false), read.get(0));
        var withoutLabel = new ArrayList<@Nullable Object>(List.of(2L));
        withoutLabel.add(null);
        withoutLabel.addAll(List.of(20, 20.0, true));
        assertEquals(withoutLabel, read.get(1));
    }

    @Test
    final void values_allAtOnce_areThoseByIndex() {
        createItems(1);
        insertItem(driver, 2, null);
        List<List<@Nullable Object>> read = driver.query(
                        sql("SELECT [id], [label], [amount] FROM [item] ORDER BY [id]"))
                .all(columns -> row -> {
                    assertEquals(Arrays.asList(row.value(0), row.value(1), row.value(2)), Arrays.asList(row.toArray()));
                    return Arrays.asList(row.toArray());
                });
        assertEquals("item 1", read.get(0).get(1));
        assertNull(read.get(1).get(1));
    }

    private static List<@Nullable Object> readItem(Values row) {
        var read = new ArrayList<@Nullable Object>();
        read.add(row.getLong(0));
        read.add(row.optional(1, String.class).orElse(null));
        read.add(row.getInt(2));
        read.add(row.getDouble(2));
        read.add(row.isNull(1));
        return read;
    }

    private <T> void assertStored(Class<?> columnType, List<T> values, Function<Row, T> read) {
        assertStored(columnType, values, value -> value, read);
    }

    /** Stores the values and reads them back. */
    private <T> void assertStored(
            Class<?> columnType, List<T> values, Function<T, Object> comparable, Function<Row, ?> read) {
        createTable(columnType(columnType));
        for (T value : values) {
            store(value);
            Row row = load();
            Class<?> given = row.get("content", Object.class).getClass();
            assertTrue(ROW_TYPES.contains(given), () -> "a row holds " + given + ", which Values does not list");
            assertEquals(comparable.apply(value), read.apply(row));
            driver.exec(sql("DELETE FROM [typed]"));
        }
        dropTable();
    }

    private void createTable(String columnType) {
        driver.exec(sql("CREATE TABLE [typed] ([id] INTEGER PRIMARY KEY, [content] " + columnType + ")"));
    }

    private void store(@Nullable Object value) {
        assertEquals(1, driver.exec(sql("INSERT INTO [typed] ([id], [content]) VALUES (1, ?)"), value));
    }

    private Row load() {
        return driver.query(sql("SELECT [content] FROM [typed]")).get().orElseThrow();
    }

    private void dropTable() {
        driver.exec(sql("DROP TABLE [typed]"));
    }
}
