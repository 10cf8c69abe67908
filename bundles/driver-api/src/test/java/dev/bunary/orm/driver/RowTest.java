package dev.bunary.orm.driver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RowTest {
    /** Every typed read, by its label and by its class. */
    private static final Map<Class<?>, BiConsumer<Row, String>> READS = Map.ofEntries(
            Map.entry(Long.class, Row::getLong),
            Map.entry(Integer.class, Row::getInt),
            Map.entry(Double.class, Row::getDouble),
            Map.entry(Boolean.class, Row::getBoolean),
            Map.entry(String.class, Row::getString),
            Map.entry(byte[].class, Row::getBytes),
            Map.entry(Instant.class, Row::getInstant),
            Map.entry(LocalDate.class, Row::getLocalDate),
            Map.entry(LocalDateTime.class, Row::getLocalDateTime),
            Map.entry(UUID.class, Row::getUuid),
            Map.entry(BigDecimal.class, Row::getBigDecimal),
            Map.entry(LocalTime.class, (row, label) -> row.get(label, LocalTime.class)),
            Map.entry(BigInteger.class, (row, label) -> row.get(label, BigInteger.class)));

    @Test
    void toArray_changed_leavesTheRowAlone() {
        Row row = row("id", 1L, "name", null);

        row.toArray()[0] = 2L;

        assertArrayEquals(new Object[] {1L, null}, row.toArray());
    }

    @Test
    void reads_matchingType_giveTheValue() {
        byte[] bytes = {1, 2};
        var instant = Instant.parse("2026-11-23T10:15:30Z");
        var uuid = UUID.fromString("12345678-9012-4345-8678-901234567890");
        Row row = row(
                "long",
                5L,
                "int",
                6,
                "double",
                1.5,
                "bool",
                true,
                "text",
                "x",
                "bytes",
                bytes,
                "instant",
                instant,
                "date",
                LocalDate.EPOCH,
                "time",
                LocalTime.NOON,
                "stamp",
                LocalDateTime.MIN,
                "uuid",
                uuid,
                "decimal",
                new BigDecimal("1.50"));
        assertEquals(5L, row.getLong("long"));
        assertEquals(6, row.getInt("int"));
        assertEquals(1.5, row.getDouble("double"));
        assertTrue(row.getBoolean("bool"));
        assertEquals("x", row.getString("text"));
        assertArrayEquals(bytes, row.getBytes("bytes"));
        assertEquals(instant, row.getInstant("instant"));
        assertEquals(LocalDate.EPOCH, row.getLocalDate("date"));
        assertEquals(LocalTime.NOON, row.get("time", LocalTime.class));
        assertEquals(LocalDateTime.MIN, row.getLocalDateTime("stamp"));
        assertEquals(uuid, row.getUuid("uuid"));
        assertEquals(new BigDecimal("1.50"), row.getBigDecimal("decimal"));
    }

    @Test
    void get_everyClass_readsLikeItsOwnMethod() {
        Row row = row("number", 1L);
        assertEquals(1L, row.get("number", Long.class));
        assertEquals(1L, (long) row.get("number", long.class));
        assertEquals(1, row.get("number", Integer.class));
        assertEquals(1, (int) row.get("number", int.class));
        assertEquals(1.0, row.get("number", Double.class));
        assertEquals(1.0, (double) row.get("number", double.class));
        assertEquals(true, row.get("number", Boolean.class));
        assertEquals(true, (boolean) row.get("number", boolean.class));
        assertEquals("1", row.get("number", String.class));
        assertEquals(BigDecimal.ONE, row.get("number", BigDecimal.class));
        assertEquals(BigInteger.ONE, row.get("number", BigInteger.class));
        assertEquals(1L, row.get("number", Object.class));
    }

    @Test
    void get_unknownClass_isAnErrorThatNamesColumnAndClass() {
        var error = assertThrows(ColumnTypeException.class, () -> row("id", 1L).get("id", Thread.class));
        assertTrue(error.getMessage().contains("'id'"), error.getMessage());
        assertTrue(error.getMessage().contains("java.lang.Thread"), error.getMessage());
    }

    @Test
    void reads_null_areErrorsThatNameTheColumn() {
        Row row = row("id", 1L, "email", null);
        READS.forEach((type, read) -> {
            var error = assertThrows(ColumnTypeException.class, () -> read.accept(row, "email"), type::getName);
            assertTrue(error.getMessage().contains("'email' is NULL"), error.getMessage());
            assertEquals(Optional.empty(), row.optional("email", type));
        });
        assertThrows(ColumnTypeException.class, () -> row.get("email", Object.class));
        assertTrue(row.isNull("email"));
        assertNull(row.value("email"));
        assertEquals(Optional.of(1L), row.optional("id", Long.class));
    }

    @Test
    void reads_wrongType_areErrorsThatNeverShowTheValue() {
        // text that is none of the types, and bytes, which are no text either
        for (Object value : List.of("marker7351", new byte[] {73, 51})) {
            Row row = row("mail", value);
            READS.forEach((type, read) -> {
                if (type.isInstance(value)) {
                    return;
                }
                var error = assertThrows(ColumnTypeException.class, () -> read.accept(row, "mail"), type::getName);
                assertTrue(error.getMessage().contains("'mail'"), error.getMessage());
                assertTrue(!error.getMessage().contains("7351") && error.getCause() == null, error.getMessage());
            });
        }
    }

    @Test
    void reads_unknownLabel_areErrors() {
        Row row = row("id", 1L);
        READS.values().forEach(read -> assertThrows(UnknownColumnException.class, () -> read.accept(row, "emial")));
        assertThrows(UnknownColumnException.class, () -> row.optional("emial", Long.class));
        assertThrows(UnknownColumnException.class, () -> row.isNull("emial"));
        assertThrows(UnknownColumnException.class, () -> row.value("emial"));
        assertThrows(IndexOutOfBoundsException.class, () -> row.getLong(1));
        assertThrows(IndexOutOfBoundsException.class, () -> row.value(-1));
    }

    @Test
    void of_wrongNumberOfValues_isAnError() {
        assertThrows(IllegalArgumentException.class, () -> Row.of(Columns.of(List.of("a", "b")), 1L));
        assertThrows(IllegalArgumentException.class, () -> Row.of(Columns.of(List.of("a")), 1L, 2L));
    }

    @Test
    void toMap_keepsOrderAndNull_andIsUnmodifiable() {
        Map<String, @Nullable Object> map = row("z", 1L, "a", null, "m", "x").toMap();
        var expected = new LinkedHashMap<String, @Nullable Object>();
        expected.put("z", 1L);
        expected.put("a", null);
        expected.put("m", "x");
        assertEquals(expected, map);
        assertEquals(List.of("z", "a", "m"), List.copyOf(map.keySet()));
        assertThrows(UnsupportedOperationException.class, () -> map.put("b", 1));
        assertThrows(UnsupportedOperationException.class, () -> map.remove("a"));
    }

    @Test
    void equals_bytes_areComparedByContent() {
        assertEquals(row("a", new byte[] {1, 2}, "b", null), row("a", new byte[] {1, 2}, "b", null));
        assertEquals(
                row("a", new byte[] {1, 2}).hashCode(),
                row("a", new byte[] {1, 2}).hashCode());
        assertNotEquals(row("a", new byte[] {1, 2}), row("a", new byte[] {1, 3}));
        assertNotEquals(row("a", 1L), row("b", 1L));
        assertNotEquals(row("a", 1L), row("a", null));
        assertEquals(
                "Row{a=2 bytes, b=null, c=x}",
                row("a", new byte[] {1, 2}, "b", null, "c", "x").toString());
    }

    @Test
    void reader_anyValues_makesDetachedRows() {
        Row source = row("a", 1L, "b", "x");
        Row copy = Row.reader().bind(source.columns()).map(source);
        assertEquals(source, copy);
    }

    private static Row row(@Nullable Object... labelsAndValues) {
        var labels = new ArrayList<String>();
        var values = new ArrayList<@Nullable Object>();
        for (int i = 0; i < labelsAndValues.length; i += 2) {
            labels.add(String.valueOf(labelsAndValues[i]));
            values.add(labelsAndValues[i + 1]);
        }
        return Row.of(Columns.of(labels), Arrays.copyOf(values.toArray(), values.size()));
    }
}
