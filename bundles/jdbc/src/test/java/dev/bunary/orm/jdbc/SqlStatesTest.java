package dev.bunary.orm.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.bunary.orm.driver.BadSqlException;
import dev.bunary.orm.driver.CheckViolationException;
import dev.bunary.orm.driver.ConnectionLostException;
import dev.bunary.orm.driver.ConstraintViolationException;
import dev.bunary.orm.driver.DeadlockException;
import dev.bunary.orm.driver.ForeignKeyViolationException;
import dev.bunary.orm.driver.LockTimeoutException;
import dev.bunary.orm.driver.NotNullViolationException;
import dev.bunary.orm.driver.QueryTimeoutException;
import dev.bunary.orm.driver.SerializationFailureException;
import dev.bunary.orm.driver.SqlException;
import dev.bunary.orm.driver.UniqueViolationException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SqlStatesTest {

    @Test
    void translate_bySqlState_givesTheType() {
        Map<String, Class<?>> types = Map.ofEntries(
                Map.entry("23505", UniqueViolationException.class),
                Map.entry("23503", ForeignKeyViolationException.class),
                Map.entry("23502", NotNullViolationException.class),
                Map.entry("23514", CheckViolationException.class),
                Map.entry("23000", ConstraintViolationException.class),
                Map.entry("40P01", DeadlockException.class),
                Map.entry("40001", SerializationFailureException.class),
                Map.entry("55P03", LockTimeoutException.class),
                Map.entry("57014", QueryTimeoutException.class),
                Map.entry("42601", BadSqlException.class),
                Map.entry("08006", ConnectionLostException.class),
                Map.entry("99999", SqlException.class),
                Map.entry("short", SqlException.class));
        types.forEach((state, type) -> assertSame(
                type, SqlStates.translate(new SQLException("x", state), null).getClass(), state));
        assertSame(
                SqlException.class,
                SqlStates.translate(new SQLException("x"), null).getClass());
        assertSame(
                QueryTimeoutException.class,
                SqlStates.translate(new SQLTimeoutException(), null).getClass());
    }

    @Test
    void translate_anError_keepsWhatTheDatabaseSaid() {
        var cause = new SQLException("duplicate", "23505", 7);
        var error = (SqlException) SqlStates.translate(cause, "INSERT");
        assertEquals(Optional.of("23505"), error.sqlState());
        assertEquals(7, error.vendorCode());
        assertEquals(Optional.of("INSERT"), error.sql());
        assertSame(cause, error.getCause());
    }
}
