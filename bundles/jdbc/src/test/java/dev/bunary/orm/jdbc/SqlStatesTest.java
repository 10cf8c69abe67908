package dev.bunary.orm.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.bunary.orm.driver.BadSqlException;
import dev.bunary.orm.driver.CheckViolationException;
import dev.bunary.orm.driver.ConnectionLostException;
import dev.bunary.orm.driver.ConstraintViolationException;
import dev.bunary.orm.driver.DeadlockException;
import dev.bunary.orm.driver.ForeignKeyViolationException;
import dev.bunary.orm.driver.LockTimeoutException;
import dev.bunary.orm.driver.NotNullViolationException;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.driver.QueryTimeoutException;
import dev.bunary.orm.driver.SerializationFailureException;
import dev.bunary.orm.driver.SqlException;
import dev.bunary.orm.driver.UniqueViolationException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SqlStatesTest {

    private static OrmException translate(SQLException error, @Nullable String sql) {
        return SqlStates.translate(error, sql, error.getSQLState(), String.valueOf(error.getMessage()));
    }

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
        types.forEach((state, type) ->
                assertSame(type, translate(new SQLException("x", state), null).getClass(), state));
        assertSame(SqlException.class, translate(new SQLException("x"), null).getClass());
        assertSame(
                QueryTimeoutException.class,
                translate(new SQLTimeoutException(), null).getClass());
    }

    @Test
    void translate_anError_keepsWhatTheDatabaseSaid() {
        var cause = new SQLException("duplicate", "23505", 7);
        var error = (SqlException) translate(cause, "INSERT");
        assertEquals(Optional.of("23505"), error.sqlState());
        assertEquals(7, error.vendorCode());
        assertEquals(Optional.of("INSERT"), error.sql());
        assertSame(cause, error.getCause());
    }

    @Test
    void platform_valuesAndConstraints_areNotShownByDefault() {
        var platform = new JdbcPlatform() {};
        for (String state : List.of("22001", "23505")) {
            var told = new SQLException("Key (email)=(secret@example.org) exists", state, 7);
            var batch = new BatchUpdateException("INSERT ... ('secret@example.org')", state, 7, new int[0]);
            batch.setNextException(told);
            for (SQLException error : List.of(told, batch)) {
                var printed = new StringWriter();
                SqlException translated = (SqlException) SqlStates.translate(
                        SqlStates.root(error), "INSERT", state, platform.message(SqlStates.root(error)));
                translated.printStackTrace(new PrintWriter(printed, true));
                assertFalse(printed.toString().contains("secret"), printed::toString);
                assertEquals(7, translated.vendorCode());
            }
        }
    }
}
