package dev.bunary.orm.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class OrmExceptionTest {
    private static final Exception CAUSE = new Exception("what the database said");
    private static final SqlFailure FAILURE = new SqlFailure("refused", "SELECT 1", "42000", 7, CAUSE);

    @Test
    void getMessage_nothingElseKnown_isTheMessage() {
        var error = new InvalidQueryException("limit is negative");
        assertEquals("limit is negative", error.getMessage());
        assertEquals(Optional.empty(), error.connection());
        assertEquals(Optional.empty(), error.sql());
    }

    @Test
    void getMessage_connectionAndSql_areAppended() {
        var error = new SqlException(FAILURE);
        assertEquals("refused [sql: SELECT 1]", error.getMessage());
        error.nameConnection("default");
        assertEquals("refused [connection 'default', sql: SELECT 1]", error.getMessage());
        assertEquals(Optional.of("default"), error.connection());
        assertEquals(Optional.of("SELECT 1"), error.sql());
        assertSame(CAUSE, error.getCause());
    }

    @Test
    void getMessage_connectionOnly_isAppendedUnlessNamedAlready() {
        var error = new DriverClosedException("driver is closed");
        error.nameConnection("default");
        assertEquals("driver is closed [connection 'default']", error.getMessage());

        var named = new DriverClosedException("connection 'default' is closed");
        named.nameConnection("default");
        assertEquals("connection 'default' is closed", named.getMessage());
        assertEquals(Optional.of("default"), named.connection());
    }

    @Test
    void nameConnection_twice_keepsTheFirst() {
        var error = new InvalidQueryException("limit is negative");
        error.nameConnection("first");
        error.nameConnection("second");
        assertEquals(Optional.of("first"), error.connection());
    }

    @Test
    void getMessage_longSql_isCutButKeptAsAField() {
        String sql = "SELECT " + "x".repeat(10_000);
        var error = new SqlException(new SqlFailure("refused", sql, null, 0, null));
        assertTrue(error.getMessage().length() < 600, error.getMessage());
        assertTrue(error.getMessage().endsWith("…]"), error.getMessage());
        assertEquals(Optional.of(sql), error.sql());
        String fits = "x".repeat(500);
        assertEquals(
                "refused [sql: " + fits + "]",
                new SqlException(new SqlFailure("refused", fits, null, 0, null)).getMessage());
    }

    @Test
    void sqlException_codes_areCarried() {
        assertEquals(Optional.of("42000"), new BadSqlException(FAILURE).sqlState());
        assertEquals(7, new BadSqlException(FAILURE).vendorCode());
        var unknown = new SqlException(new SqlFailure("refused", null, null, 0, null));
        assertEquals(Optional.empty(), unknown.sqlState());
        assertEquals(0, unknown.vendorCode());
    }

    @Test
    void isRetryable_onlyWhereNothingWasDone() {
        for (OrmException retryable : List.of(
                new ConcurrencyException(FAILURE),
                new DeadlockException(FAILURE),
                new SerializationFailureException(FAILURE),
                new LockTimeoutException(FAILURE),
                new DriverUnavailableException("no driver", "UNBOUND", null),
                new DriverSwappedException("rolled back", 3, true, null))) {
            assertTrue(retryable.isRetryable(), retryable::toString);
        }
        for (OrmException once : List.of(
                new SqlException(FAILURE),
                new ConstraintViolationException(FAILURE),
                new UniqueViolationException(FAILURE),
                new ForeignKeyViolationException(FAILURE),
                new NotNullViolationException(FAILURE),
                new CheckViolationException(FAILURE),
                new QueryTimeoutException(FAILURE),
                new ConnectionLostException(FAILURE),
                new BadSqlException(FAILURE),
                new ConfigurationException("x"),
                new InvalidQueryException("x"),
                new TransactionStateException("x"),
                new UnknownColumnException("x"),
                new ColumnTypeException("x"),
                new NoDriverException("x", Set.of()),
                new DriverClosedException("x"),
                new DriverSwappedException("commit in flight", 3, false, null))) {
            assertFalse(once.isRetryable(), once::toString);
        }
    }

    @Test
    void families_catchTheirMembers() {
        assertNotNull(assertThrows(ConstraintViolationException.class, () -> {
            throw new UniqueViolationException(FAILURE);
        }));
        assertNotNull(assertThrows(ConcurrencyException.class, () -> {
            throw new DeadlockException(FAILURE);
        }));
        assertNotNull(assertThrows(DriverException.class, () -> {
            throw new NoDriverException("x", Set.of());
        }));
        assertNotNull(assertThrows(RowReadException.class, () -> {
            throw new UnknownColumnException("x");
        }));
    }

    @Test
    void driverExceptions_carryWhatTheySay() {
        var known = new HashSet<>(Set.of("sqlite", "h2"));
        var none = new NoDriverException("no driver", known);
        known.add("later");
        none.knownTypes().add("mine");
        assertEquals(List.of("h2", "sqlite"), List.copyOf(none.knownTypes()));
        assertEquals("UNBOUND", new DriverUnavailableException("x", "UNBOUND", CAUSE).state());
        var swapped = new DriverSwappedException("x", 4, false, CAUSE);
        assertEquals(4, swapped.generation());
        assertFalse(swapped.isOutcomeKnown());
    }

    @Test
    void serialization_everyField_survives() throws Exception {
        var error = new NoDriverException("no driver", Set.of("sqlite"));
        error.nameConnection("default");
        var copy = (NoDriverException) copy(error);
        assertEquals(error.getMessage(), copy.getMessage());
        assertEquals(error.knownTypes(), copy.knownTypes());
        var sql = (SqlException) copy(new BadSqlException(FAILURE));
        assertEquals(Map.of("42000", 7), Map.of(sql.sqlState().orElseThrow(), sql.vendorCode()));
    }

    private static Object copy(Object source) throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(source);
        }
        try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return in.readObject();
        }
    }

    @Test
    void message_ofADriverThatGivesNone_isTheNameOfItsException() {
        var failure = new SqlException(new SqlFailure(null, "SELECT 1", null, 0, new IllegalStateException()));
        failure.nameConnection("default");
        assertTrue(failure.getMessage().contains("java.lang.IllegalStateException"), failure::getMessage);
    }
}
