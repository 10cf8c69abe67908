package dev.bunary.orm.driver.sqlite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.ColumnTypeException;
import dev.bunary.orm.driver.DatabaseDriver;
import dev.bunary.orm.driver.InvalidQueryException;
import dev.bunary.orm.driver.Row;
import dev.bunary.orm.driver.UnknownColumnException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteStorageTest {
    private DatabaseDriver driver;

    @BeforeEach
    void open() {
        driver = TestDrivers.memory();
        driver.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, v, text TEXT, num NUMERIC)");
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private Row stored(Object value) {
        driver.exec("DELETE FROM t");
        driver.exec("INSERT INTO t (v) VALUES (?)", value);
        return driver.query("SELECT v, typeof(v) AS type FROM t").get().orElseThrow();
    }

    private void assertStored(Object value, Object expected, String type) {
        Row row = stored(value);
        assertEquals(type, row.getString("type"));
        assertEquals(expected, row.value("v"));
    }

    @Test
    void bind_eachType_storesWhatTheDocumentationSays() {
        assertStored(null, null, "null");
        assertStored(true, 1L, "integer");
        assertStored(false, 0L, "integer");
        assertStored(7, 7L, "integer");
        assertStored(Long.MIN_VALUE, Long.MIN_VALUE, "integer");
        assertStored((short) 3, 3L, "integer");
        assertStored((byte) -3, -3L, "integer");
        assertStored(1.5, 1.5, "real");
        assertStored(1.5f, 1.5, "real");
        assertStored("grün 😀", "grün 😀", "text");
        assertStored("", "", "text");
        assertStored(new BigDecimal("1E+3"), "1000", "text");
        assertStored(new BigDecimal("12345678901234567890.12345"), "12345678901234567890.12345", "text");
        assertStored(new BigInteger("123456789012345678901234567890"), "123456789012345678901234567890", "text");
        assertStored(DayOfWeek.MONDAY, "MONDAY", "text");
        assertStored(Instant.parse("2026-11-23T10:15:30Z"), "2026-11-23T10:15:30.000000000Z", "text");
        assertStored(Instant.parse("2026-11-23T10:15:30.5Z"), "2026-11-23T10:15:30.500000000Z", "text");
        assertStored(LocalDate.of(2026, 11, 23), "2026-11-23", "text");
        assertStored(LocalTime.of(10, 15), "10:15", "text");
        assertStored(LocalDateTime.of(2026, 11, 23, 10, 15, 30), "2026-11-23T10:15:30", "text");
        UUID uuid = UUID.randomUUID();
        assertStored(uuid, uuid.toString(), "text");
        assertArrayEquals(new byte[] {1, 0, -1}, stored(new byte[] {1, 0, -1}).getBytes("v"));
        assertArrayEquals(new byte[0], stored(new byte[0]).getBytes("v"));
        assertEquals("blob", stored(new byte[0]).getString("type"));
    }

    @Test
    void read_eachType_givesBackWhatWasBound() {
        Instant instant = Instant.parse("2026-11-23T10:15:30.123456789Z");
        assertEquals(instant, stored(instant).getInstant("v"));
        assertEquals(Instant.EPOCH, stored(Instant.EPOCH).getInstant("v"));
        LocalDate date = LocalDate.of(2026, 2, 28);
        assertEquals(date, stored(date).getLocalDate("v"));
        LocalDateTime dateTime = LocalDateTime.of(2026, 1, 2, 3, 4);
        assertEquals(dateTime, stored(dateTime).getLocalDateTime("v"));
        LocalTime time = LocalTime.of(3, 4, 5, 6);
        assertEquals(time, stored(time).get("v", LocalTime.class));
        UUID uuid = new UUID(1, 2);
        assertEquals(uuid, stored(uuid).getUuid("v"));
        BigDecimal decimal = new BigDecimal("0.10");
        assertEquals(decimal, stored(decimal).getBigDecimal("v"));
        BigInteger big = BigInteger.TWO.pow(80);
        assertEquals(big, stored(big).get("v", BigInteger.class));
        assertTrue(stored(true).getBoolean("v"));
        assertEquals(42, stored(42).getInt("v"));
        assertTrue(stored(null).isNull("v"));
    }

    @Test
    void bind_numericColumn_roundsABigDecimalToAReal() {
        driver.exec("INSERT INTO t (num) VALUES (?)", new BigDecimal("12345678901234567890.12345"));
        assertEquals(
                "real",
                driver.query("SELECT typeof(num) FROM t").get().orElseThrow().getString(0));
    }

    @Test
    void instants_sortedAsText_areSortedInTime() {
        List<Instant> instants = List.of(
                Instant.parse("0001-01-01T00:00:00Z"),
                Instant.parse("2026-11-23T10:15:29.999999999Z"),
                Instant.parse("2026-11-23T10:15:30Z"),
                Instant.parse("2026-11-23T10:15:30.000000001Z"),
                Instant.parse("2026-11-23T10:15:30.5Z"),
                Instant.parse("2026-11-23T10:15:30.500001Z"),
                Instant.parse("9999-12-31T23:59:59.999999999Z"));
        for (int i = instants.size() - 1; i >= 0; i--) {
            driver.exec("INSERT INTO t (v) VALUES (?)", instants.get(i));
        }
        assertEquals(instants, driver.query("SELECT v FROM t ORDER BY v").all(columns -> row -> row.getInstant(0)));
    }

    @Test
    void bind_whatCannotBeStored_isRefusedByClassAndIndex() {
        var object = assertThrows(
                InvalidQueryException.class, () -> driver.exec("INSERT INTO t (id, v) VALUES (?, ?)", 1, new Object()));
        assertTrue(object.getMessage().contains("parameter 2 is a java.lang.Object"), object.getMessage());
        assertThrows(InvalidQueryException.class, () -> driver.exec("INSERT INTO t (v) VALUES (?)", Double.NaN));
        assertThrows(InvalidQueryException.class, () -> driver.exec("INSERT INTO t (v) VALUES (?)", Instant.MAX));
        for (String endless : List.of("1E+999999999", "1E-999999999")) {
            assertThrows(
                    InvalidQueryException.class,
                    () -> driver.exec("INSERT INTO t (v) VALUES (?)", new BigDecimal(endless)));
        }
        assertEquals(
                0, driver.query("SELECT count(*) FROM t").get().orElseThrow().getLong(0));
    }

    @Test
    void read_asAnotherType_isRefusedAndNamesTheColumnNotTheValue() {
        driver.exec("INSERT INTO t (v) VALUES ('secret')");
        var query = driver.query("SELECT v FROM t");
        var asLong = assertThrows(
                ColumnTypeException.class, () -> query.all(columns -> row -> row.getLong(columns.index("v"))));
        assertTrue(asLong.getMessage().contains("'v'") && !asLong.getMessage().contains("secret"));
        assertThrows(ColumnTypeException.class, () -> query.all(columns -> row -> row.getDouble(0)));
        assertThrows(ColumnTypeException.class, () -> query.all(columns -> row -> row.getBytes(0)));
        assertThrows(ColumnTypeException.class, () -> query.all(columns -> row -> row.getInstant(0)));
        assertThrows(UnknownColumnException.class, () -> query.all(columns -> row -> row.value(columns.index("w"))));
        assertThrows(IndexOutOfBoundsException.class, () -> query.all(columns -> row -> row.isNull(1)));
    }

    @Test
    void read_straightFromTheStatement_isAsStrictAsARow() {
        Object[] values = {
            null, 0L, 1L, 2L, Long.MAX_VALUE, 1L << 31, 1.0, 1.5, 1e300, "1", "", "x", new byte[] {1}, "2026-11-23"
        };
        for (Object value : values) {
            driver.exec("DELETE FROM t");
            driver.exec("INSERT INTO t (v) VALUES (?)", value);
            Row row = driver.query("SELECT v FROM t").get().orElseThrow();
            for (Class<?> type :
                    List.of(long.class, int.class, double.class, boolean.class, String.class, byte[].class)) {
                assertEquals(
                        outcome(() -> typed(row, type)),
                        outcome(() -> driver.query("SELECT v FROM t")
                                .get(columns -> live -> typed(live, type))
                                .orElseThrow()),
                        () -> value + " as " + type);
            }
        }
    }

    private static Object typed(dev.bunary.orm.driver.Values row, Class<?> type) {
        if (type == long.class) {
            return row.getLong(0);
        }
        if (type == int.class) {
            return row.getInt(0);
        }
        if (type == double.class) {
            return row.getDouble(0);
        }
        if (type == boolean.class) {
            return row.getBoolean(0);
        }
        return type == String.class ? row.getString(0) : List.of(row.getBytes(0)[0]);
    }

    private static String outcome(java.util.function.Supplier<Object> read) {
        try {
            return String.valueOf(read.get());
        } catch (ColumnTypeException refused) {
            return refused.getMessage();
        }
    }

    @Test
    void read_integerInATextColumn_isText() {
        driver.exec("INSERT INTO t (text) VALUES (?)", 42);
        Row row = driver.query("SELECT text FROM t").get().orElseThrow();
        assertEquals("42", row.getString(0));
        assertEquals(
                "42",
                driver.query("SELECT text FROM t")
                        .get(columns -> live -> live.getString(0))
                        .orElseThrow());
    }

    @Test
    void read_mixedTypesInOneColumn_givesEachItsOwn() {
        driver.exec("INSERT INTO t (v) VALUES (1), (1.5), ('x'), (x'01'), (NULL)");
        List<Row> rows = driver.query("SELECT v FROM t ORDER BY id").all();
        assertEquals(1L, rows.get(0).value(0));
        assertEquals(1.5, rows.get(1).value(0));
        assertEquals("x", rows.get(2).value(0));
        assertArrayEquals(new byte[] {1}, (byte[]) rows.get(3).value(0));
        assertEquals(null, rows.get(4).value(0));
    }

    @Test
    void read_utf16Database_givesTheSameText(@TempDir Path folder) {
        Path file = folder.resolve("utf16.db");
        // WAL writes the first page, and with it the encoding, so it comes after
        try (DatabaseDriver utf16 = TestDrivers.open(file, "journalMode", "delete")) {
            utf16.exec("PRAGMA encoding = 'UTF-16'");
            utf16.exec("CREATE TABLE t (v TEXT)");
            utf16.exec("INSERT INTO t VALUES (?)", "grün 😀");
            assertEquals(
                    "grün 😀",
                    utf16.query("SELECT v FROM t").get().orElseThrow().getString(0));
        }
        try (DatabaseDriver again = TestDrivers.open(file)) {
            assertEquals(
                    "UTF-16le",
                    again.query("PRAGMA encoding").get().orElseThrow().getString(0));
            assertEquals(
                    "grün 😀",
                    again.query("SELECT v FROM t").get().orElseThrow().getString(0));
        }
    }
}
