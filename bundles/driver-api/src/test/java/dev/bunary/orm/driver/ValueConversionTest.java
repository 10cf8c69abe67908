package dev.bunary.orm.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The edges of the typed reads: exact, or an error that shows no value. */
final class ValueConversionTest {

    @Test
    void getLong_numberThatFits_givesIt() {
        assertReads(2L, 2.0, Long.class);
        assertReads(0L, -0.0, Long.class);
        assertReads(7L, 7, Long.class);
        assertReads(100L, new BigDecimal("1E+2"), Long.class);
        assertReads(3L, new BigDecimal("3.000"), Long.class);
        assertReads(Long.MAX_VALUE, new BigDecimal("9223372036854775807"), Long.class);
        assertReads(Long.MIN_VALUE, -0x1p63, Long.class);
        // a power of two whose shortest decimal form is another number
        assertReads(1L << 62, 0x1p62, Long.class);
    }

    @Test
    void getLong_numberThatDoesNotFit_isAnError() {
        assertRefuses(
                Long.class,
                1.5,
                1e30,
                -1e30,
                0x1p63,
                Double.NaN,
                Double.POSITIVE_INFINITY,
                new BigDecimal("0.5"),
                new BigDecimal("9223372036854775808"),
                new BigDecimal("1E+1000000000"),
                true,
                "7",
                new byte[] {7},
                LocalDate.EPOCH);
    }

    @Test
    void getInt_range_isThatOf32Bits() {
        assertReads(Integer.MAX_VALUE, (long) Integer.MAX_VALUE, Integer.class);
        assertReads(Integer.MIN_VALUE, (double) Integer.MIN_VALUE, Integer.class);
        assertRefuses(Integer.class, Integer.MAX_VALUE + 1L, Integer.MIN_VALUE - 1L, Long.MAX_VALUE, 0.5, 1e10);
    }

    @Test
    void getDouble_numberThatFits_givesIt() {
        assertReads(3.0, 3L, Double.class);
        assertReads((double) (1L << 53), 1L << 53, Double.class);
        assertReads(0.1, new BigDecimal("0.1"), Double.class);
        assertReads(Double.NaN, Double.NaN, Double.class);
        assertReads(-0.0, -0.0, Double.class);
    }

    @Test
    void getDouble_wholeNumberNoDoubleHolds_isAnError() {
        assertRefuses(
                Double.class,
                (1L << 53) + 1,
                Long.MAX_VALUE,
                new BigDecimal("1E+400"),
                new BigDecimal("-1E+400"),
                "1.5",
                true);
    }

    @Test
    void getBoolean_onlyZeroAndOne() {
        assertReads(true, 1L, Boolean.class);
        assertReads(false, 0, Boolean.class);
        assertReads(true, new BigDecimal("1.0"), Boolean.class);
        assertReads(false, 0.0, Boolean.class);
        assertRefuses(Boolean.class, 2L, 2, -1L, 0.5, new BigDecimal("0.1"), "true", "1", Double.NaN);
    }

    @Test
    void getString_anythingButBytes_isItsText() {
        assertReads("7", 7L, String.class);
        assertReads("true", true, String.class);
        assertReads("100", new BigDecimal("1E+2"), String.class);
        assertRefuses(String.class, new BigDecimal("1E+999999999"), new BigDecimal("1E-999999999"));
        assertReads("1.50", new BigDecimal("1.50"), String.class);
        assertReads("2026-11-23T10:15:30Z", Instant.parse("2026-11-23T10:15:30Z"), String.class);
        assertRefuses(String.class, new byte[] {65});
    }

    @Test
    void getBigDecimal_numbersAndText_areExact() {
        assertReads(new BigDecimal("12345678901234567890.12345"), "12345678901234567890.12345", BigDecimal.class);
        assertReads(new BigDecimal("0.1"), 0.1, BigDecimal.class);
        assertReads(BigDecimal.valueOf(Long.MIN_VALUE), Long.MIN_VALUE, BigDecimal.class);
        assertRefuses(BigDecimal.class, "1,5", "", " 1", "NaN", Double.NaN, Double.NEGATIVE_INFINITY, true);
    }

    @Test
    void getBigInteger_wholeNumbers_areExact() {
        assertReads(BigInteger.TWO.pow(70), 0x1p70, BigInteger.class);
        assertReads(
                new BigInteger("123456789012345678901234567890"), "123456789012345678901234567890", BigInteger.class);
        assertReads(BigInteger.TEN, new BigDecimal("1E+1"), BigInteger.class);
        assertRefuses(BigInteger.class, 1.5, "1.5", "1E+999999999", new BigDecimal("0.1"), "x");
    }

    @Test
    void getInstant_textInBothForms_isUtcUnlessItSaysOtherwise() {
        Instant expected = Instant.parse("2026-11-23T10:15:30Z");
        for (String text : List.of(
                "2026-11-23T10:15:30Z",
                "2026-11-23T10:15:30",
                "2026-11-23 10:15:30",
                "2026-11-23 10:15:30.000",
                "2026-11-23 10:15:30Z",
                "2026-11-23T12:15:30+02:00",
                "2026-11-23 12:15:30+02",
                "2026-11-23 05:15:30-05:00")) {
            assertReads(expected, text, Instant.class);
        }
        assertReads(Instant.parse("-0044-03-15T10:15:00Z"), "-0044-03-15T10:15", Instant.class);
        assertReads(Instant.parse("+10000-01-01T00:00:00Z"), "+10000-01-01T00:00:00Z", Instant.class);
    }

    @Test
    void getInstant_anythingElse_isAnError() {
        assertRefuses(
                Instant.class,
                "",
                "now",
                "2026-11-23",
                "2026-13-01T00:00:00Z",
                "2026-02-30 00:00:00",
                "2026-11-23T10:15:30+25:00",
                "2026-11-23x10:15:30",
                "2026-11-23  10:15:30",
                1_700_000_000L,
                LocalDateTime.MIN,
                LocalDate.EPOCH);
    }

    @Test
    void getLocalDateTime_text_hasNoZone() {
        var expected = LocalDateTime.of(2026, 3, 29, 2, 30);
        assertReads(expected, "2026-03-29T02:30", LocalDateTime.class);
        assertReads(expected, "2026-03-29 02:30:00", LocalDateTime.class);
        assertRefuses(
                LocalDateTime.class, "2026-03-29T02:30:00Z", "2026-03-29", "", 5L, Instant.EPOCH, LocalDate.EPOCH);
    }

    @Test
    void getLocalDate_text_isADateOnly() {
        assertReads(LocalDate.of(2024, 2, 29), "2024-02-29", LocalDate.class);
        assertRefuses(LocalDate.class, "2023-02-29", "2024-02-29T00:00:00", "20240229", "", 5L, LocalDateTime.MIN);
    }

    @Test
    void getLocalTime_text_isATimeOnly() {
        assertReads(LocalTime.of(10, 15), "10:15", LocalTime.class);
        assertReads(LocalTime.of(10, 15, 30, 500), "10:15:30.000000500", LocalTime.class);
        assertRefuses(LocalTime.class, "25:00", "24:00:01", "", 5L, LocalDateTime.MIN);
    }

    @Test
    void getUuid_text_isTheWholeForm() {
        UUID expected = UUID.fromString("abcdef12-9012-4345-8678-901234567890");
        assertReads(expected, "abcdef12-9012-4345-8678-901234567890", UUID.class);
        assertReads(expected, "ABCDEF12-9012-4345-8678-901234567890", UUID.class);
        assertRefuses(
                UUID.class,
                "",
                "1-1-1-1-1",
                "abcdef129012434586789012345678900000",
                "zbcdef12-9012-4345-8678-901234567890",
                "abcdef123-901-4345-8678-901234567890",
                "{abcdef12-9012-4345-8678-90123456789",
                5L,
                new byte[16]);
    }

    private static void assertReads(Object expected, Object value, Class<?> type) {
        assertEquals(expected, row(value).get("secret_column", type));
    }

    private static void assertRefuses(Class<?> type, Object... values) {
        for (Object value : values) {
            var error = assertThrows(
                    ColumnTypeException.class,
                    () -> row(value).get("secret_column", type),
                    () -> value + " as " + type);
            String shown = value.toString();
            if (shown.length() > 4) {
                assertFalse(error.getMessage().contains(shown), error.getMessage());
            }
        }
    }

    private static Row row(Object value) {
        return Row.of(Columns.of(List.of("secret_column")), value);
    }
}
