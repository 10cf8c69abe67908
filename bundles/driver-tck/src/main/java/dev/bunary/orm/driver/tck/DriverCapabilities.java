package dev.bunary.orm.driver.tck;

import dev.bunary.orm.driver.DatabaseConfig;
import dev.bunary.orm.driver.DriverFactory;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;

/** What a driver's test class tells the contract: how to make the driver, how its SQL differs, what it lacks. */
abstract class DriverCapabilities {
    private static final Map<Class<?>, String> COLUMN_TYPES = Map.ofEntries(
            Map.entry(Boolean.class, "BOOLEAN"),
            Map.entry(Integer.class, "INTEGER"),
            Map.entry(Long.class, "BIGINT"),
            Map.entry(Double.class, "DOUBLE PRECISION"),
            Map.entry(BigDecimal.class, "TEXT"),
            Map.entry(String.class, "TEXT"),
            Map.entry(byte[].class, "BLOB"),
            Map.entry(Instant.class, "TIMESTAMP(6)"),
            Map.entry(LocalDate.class, "DATE"),
            Map.entry(LocalTime.class, "TIME(6)"),
            Map.entry(LocalDateTime.class, "TIMESTAMP(6)"),
            Map.entry(UUID.class, "UUID"));

    /**
     * The factory of the driver under test.
     *
     * @return a factory, new or the same at each call
     */
    protected abstract DriverFactory factory();

    /**
     * A fresh, empty database. Called once before each test; the test may open it more than once. An embedded database
     * lives in a new file of a JUnit {@code @TempDir}, which is there when this is called; a server gets a new schema
     * or database with a name of its own.
     *
     * @return the configuration to open the driver with
     */
    protected abstract DatabaseConfig config();

    /**
     * The column type that stores a type of value exactly. The defaults are the standard's where most databases take
     * them, and SQLite's for bytes (BLOB) and exact decimals (TEXT).
     *
     * @param valueType one of the types a driver puts into a row, boxed
     * @return a column type, such as {@code BIGINT}; text must hold a million characters
     */
    protected String columnType(Class<?> valueType) {
        String type = COLUMN_TYPES.get(valueType);
        if (type == null) {
            throw new IllegalArgumentException("no column type is known for " + valueType.getName());
        }
        return type;
    }

    /**
     * The type of a column that is the primary key and numbers its rows.
     *
     * @return SQLite's {@code INTEGER PRIMARY KEY} unless overridden
     */
    protected String generatedKeyType() {
        return "INTEGER PRIMARY KEY";
    }

    /**
     * The finest unit of time that a column of {@link #columnType} keeps.
     *
     * @return microseconds unless overridden
     */
    protected ChronoUnit timePrecision() {
        return ChronoUnit.MICROS;
    }

    /**
     * A query without parameters that works for minutes before it gives its row.
     *
     * @return a recursive count unless overridden
     */
    protected String longQuery() {
        return "WITH RECURSIVE counter(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < 100000000000)"
                + " SELECT COUNT(*) FROM counter";
    }

    /**
     * Whether {@code close()} from another thread ends running work, in bounded time.
     *
     * @return true unless overridden
     */
    protected boolean closesWhileWorking() {
        return true;
    }

    /**
     * Whether committed data is there when the database is opened again.
     *
     * @return true unless overridden
     */
    protected boolean survivesClose() {
        return true;
    }

    /**
     * Whether the driver refuses {@code tx} after the transaction's end and on other threads. The ORM does so for every
     * driver; one whose connections go back to a pool should all the same.
     *
     * @return true unless overridden
     */
    protected boolean guardsTransactions() {
        return true;
    }

    /**
     * Whether a read-only transaction refuses to write.
     *
     * @return true unless overridden
     */
    protected boolean readOnlyTransactions() {
        return true;
    }

    /**
     * Whether errors have the subtypes of {@code SqlException}, and foreign keys are checked.
     *
     * @return true unless overridden
     */
    protected boolean typedErrors() {
        return true;
    }

    /**
     * Whether a column that does not exist is an error wherever its quoted name stands. Not so for SQLite with double
     * quotes, which reads it as a string.
     *
     * @return true unless overridden
     */
    protected boolean quotesStrictly() {
        return true;
    }

    /**
     * Whether the dialect can write an offset without a limit.
     *
     * @return true unless overridden
     */
    protected boolean offsetsWithoutLimit() {
        return true;
    }

    /**
     * Whether {@code insert} gives generated keys. Without a method of its own a driver needs a database that knows the
     * dialect's RETURNING clause.
     *
     * @return true unless overridden
     */
    protected boolean givesGeneratedKeys() {
        return true;
    }

    /**
     * Whether the causes of errors, too, show no bound value. Some databases name the value in a constraint violation;
     * the driver's own message must not repeat it in any case.
     *
     * @return true unless overridden
     */
    protected boolean hidesValuesInCauses() {
        return true;
    }

    /**
     * Whether a parameter of a type that no column can hold is refused, instead of being stored as its text.
     *
     * @return true unless overridden
     */
    protected boolean refusesForeignTypes() {
        return true;
    }
}
