package dev.bunary.orm.driver.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bunary.orm.driver.BadSqlException;
import dev.bunary.orm.driver.CheckViolationException;
import dev.bunary.orm.driver.ForeignKeyViolationException;
import dev.bunary.orm.driver.NotNullViolationException;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.driver.SqlException;
import dev.bunary.orm.driver.UniqueViolationException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Errors: of the right type, with the statement, without values, and nothing changed. */
abstract class ErrorContract extends DialectContract {
    private static final String SECRET = "marker7351";

    @Test
    final void exec_refused_isAnErrorAndChangesNothing() {
        createRules();
        insertRule(1, "taken", 1, null);
        assertThrows(OrmException.class, () -> insertRule(1, "other", 1, null));
        assertThrows(OrmException.class, () -> insertRule(2, "taken", 1, null));
        assertThrows(OrmException.class, () -> insertRule(2, null, 1, null));
        assertThrows(OrmException.class, () -> insertRule(2, "other", -1, null));
        assertEquals(1, driver.query(sql("SELECT [id] FROM [rule]")).all().size());
    }

    @Test
    final void exec_takenPrimaryKey_isAUniqueViolation() {
        assumeTrue(typedErrors(), "the driver has no typed errors");
        createRules();
        insertRule(1, "one", 1, null);
        assertThrows(UniqueViolationException.class, () -> insertRule(1, "two", 1, null));
    }

    @Test
    final void exec_takenUniqueValue_isAUniqueViolation() {
        assumeTrue(typedErrors(), "the driver has no typed errors");
        createRules();
        insertRule(1, "one", 1, null);
        assertThrows(UniqueViolationException.class, () -> insertRule(2, "one", 1, null));
    }

    @Test
    final void exec_nullWhereNotAllowed_isANotNullViolation() {
        assumeTrue(typedErrors(), "the driver has no typed errors");
        createRules();
        assertThrows(NotNullViolationException.class, () -> insertRule(1, null, 1, null));
    }

    @Test
    final void exec_checkNotMet_isACheckViolation() {
        assumeTrue(typedErrors(), "the driver has no typed errors");
        createRules();
        assertThrows(CheckViolationException.class, () -> insertRule(1, "one", -1, null));
    }

    @Test
    final void exec_parentMissing_isAForeignKeyViolation() {
        assumeTrue(typedErrors(), "the driver has no typed errors");
        createRules();
        assertThrows(ForeignKeyViolationException.class, () -> insertRule(1, "one", 1, 99));
        assertEquals(List.of(), driver.query(sql("SELECT [id] FROM [rule]")).all());
    }

    @Test
    final void exec_parentStillNeeded_isAForeignKeyViolation() {
        assumeTrue(typedErrors(), "the driver has no typed errors");
        createRules();
        insertRule(1, "parent", 1, null);
        insertRule(2, "child", 1, 1);
        assertThrows(ForeignKeyViolationException.class, () -> driver.exec(sql("DELETE FROM [rule] WHERE [id] = 1")));
        assertEquals(2, driver.query(sql("SELECT [id] FROM [rule]")).all().size());
    }

    @Test
    final void constraintViolation_isNotRetryable() {
        createRules();
        insertRule(1, "one", 1, null);
        assertFalse(assertThrows(OrmException.class, () -> insertRule(1, "two", 1, null))
                .isRetryable());
    }

    @Test
    final void badSql_isAnErrorWithItsStatement() {
        createItems();
        for (String bad : List.of(
                "SELEKT 1",
                sql("SELECT [id] FROM [nowhere]"),
                sql("SELECT nowhere FROM [item]"),
                sql("SELECT [id] FROM [item] WHERE"))) {
            var error = assertThrows(SqlException.class, () -> driver.query(bad).all(), bad);
            assertEquals(Optional.of(bad), error.sql());
            assertTyped(error);
        }
        String insert = sql("INSERT INTO [nowhere] ([id]) VALUES (?)");
        var error = assertThrows(SqlException.class, () -> driver.exec(insert, 1));
        assertEquals(Optional.of(insert), error.sql());
        assertTyped(error);
    }

    @Test
    final void badSql_leavesTheDriverUsable() {
        createItems(1);
        assertThrows(OrmException.class, () -> driver.exec("this is not SQL"));
        assertThrows(OrmException.class, () -> driver.query("this is not SQL").all());
        assertEquals(1, countItems());
    }

    @Test
    final void errors_printed_showNoBoundValue() {
        createRules();
        insertRule(1, SECRET, 1, null);
        assertShowsNoValue(assertThrows(OrmException.class, () -> insertRule(2, SECRET, 1, null)));
        assertShowsNoValue(assertThrows(OrmException.class, () -> insertRule(2, SECRET + "x", -1, null)));
        assertShowsNoValue(
                assertThrows(OrmException.class, () -> driver.exec(sql("UPDATE [nowhere] SET [label] = ?"), SECRET)));
        assertShowsNoValue(assertThrows(
                OrmException.class, () -> driver.exec(sql("UPDATE [rule] SET [label] = ?"), SECRET, SECRET)));
        assertShowsNoValue(assertThrows(
                OrmException.class,
                () -> driver.query(sql("SELECT [id] FROM [nowhere] WHERE [label] = ?"), SECRET)
                        .all()));
    }

    private void createRules() {
        driver.exec(sql("CREATE TABLE [rule] ([id] INTEGER PRIMARY KEY, [label] VARCHAR(200) NOT NULL UNIQUE,"
                + " [amount] INTEGER CHECK ([amount] >= 0), [parent] INTEGER,"
                + " FOREIGN KEY ([parent]) REFERENCES [rule] ([id]))"));
    }

    private void insertRule(int id, @Nullable String label, int amount, @Nullable Integer parent) {
        driver.exec(
                sql("INSERT INTO [rule] ([id], [label], [amount], [parent]) VALUES (?, ?, ?, ?)"),
                id,
                label,
                amount,
                parent);
    }

    private void assertTyped(SqlException error) {
        if (typedErrors()) {
            assertEquals(BadSqlException.class, error.getClass(), error::getMessage);
        }
    }

    private void assertShowsNoValue(OrmException error) {
        assertFalse(error.toString().contains(SECRET), "the error shows a bound value");
        if (!hidesValuesInCauses()) {
            return;
        }
        var printed = new StringWriter();
        error.printStackTrace(new PrintWriter(printed, true));
        assertFalse(printed.toString().contains(SECRET), "a cause of the error shows a bound value");
    }
}
