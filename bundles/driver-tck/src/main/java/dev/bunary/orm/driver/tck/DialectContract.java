package dev.bunary.orm.driver.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bunary.orm.driver.Dialect;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.driver.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The dialect: what it writes, its own database runs. */
abstract class DialectContract extends IsolationContract {
    private static final Pattern LIMIT_OR_OFFSET = Pattern.compile(":(limit|offset)");

    private static final List<String> HOSTILE_NAMES = List.of(
            "select",
            "order",
            "two words",
            "double\"quote",
            "back`tick",
            "single'quote",
            "semi;colon--",
            "question?",
            "[bracket]",
            "gr\u00fc\u00dfe");

    @Test
    final void dialect_everyCall_givesTheSame() {
        Dialect dialect = driver.dialect();
        assertSame(dialect, driver.dialect());
        createItems();
        assertSame(dialect, driver.dialect());
        assertEquals(
                dialect.quote("name"),
                driver.<String>transaction(tx -> tx.dialect().quote("name")));
    }

    @Test
    final void validation_openDriver_givesARow() {
        assertFalse(driver.query(driver.dialect().validation()).all().isEmpty());
    }

    @Test
    final void quote_keywordsAndQuotes_areOrdinaryNames() {
        String table = driver.dialect().quote("table \"or\" `group`");
        String columns = quoted(HOSTILE_NAMES, " INTEGER");
        driver.exec("CREATE TABLE " + table + " (" + columns + ")");
        String marks = "?" + ", ?".repeat(HOSTILE_NAMES.size() - 1);
        Object[] numbers = new Object[HOSTILE_NAMES.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i;
        }
        driver.exec("INSERT INTO " + table + " (" + quoted(HOSTILE_NAMES, "") + ") VALUES (" + marks + ")", numbers);
        Row row = driver.query("SELECT " + quoted(HOSTILE_NAMES, "") + " FROM " + table)
                .get()
                .orElseThrow();
        assertEquals(HOSTILE_NAMES, row.columns().labels());
        for (int i = 0; i < numbers.length; i++) {
            assertEquals(i, row.getInt(HOSTILE_NAMES.get(i)));
        }
    }

    @Test
    final void quote_misspeltColumn_isAnErrorAndChangesNothing() {
        assumeTrue(quotesStrictly(), "the database reads an unknown quoted name as text");
        createItems(2);
        for (String statement : List.of(
                "DELETE FROM [item] WHERE [labl] <> 'x'",
                "UPDATE [item] SET [amount] = 0 WHERE [labl] <> 'x'",
                "UPDATE [item] SET [labl] = 'x'",
                "INSERT INTO [item] ([id], [label]) SELECT 9, [labl] FROM [item]")) {
            assertThrows(OrmException.class, () -> driver.exec(sql(statement)), statement);
        }
        for (String query : List.of(
                "SELECT [labl] FROM [item]",
                "SELECT [id] FROM [item] WHERE [labl] <> 'x'",
                "SELECT [id] FROM [item] ORDER BY [labl]")) {
            assertThrows(OrmException.class, () -> driver.query(sql(query)).all(), query);
        }
        assertEquals(
                2,
                driver.query(sql("SELECT [id] FROM [item] WHERE [amount] > 0 AND [label] LIKE 'item%'"))
                        .all()
                        .size());
    }

    @Test
    final void limitOffset_limit_cutsTheResult() {
        createItems(5);
        assertEquals(List.of(1L, 2L), limited(2, null));
        assertEquals(List.of(), limited(0, null));
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), limited(9, null));
    }

    @Test
    final void limitOffset_limitAndOffset_givesThePage() {
        createItems(5);
        assertEquals(List.of(3L, 4L), limited(2, 2));
        assertEquals(List.of(5L), limited(2, 4));
        assertEquals(List.of(), limited(2, 5));
    }

    @Test
    final void limitOffset_offset_givesTheRest() {
        assumeTrue(offsetsWithoutLimit(), "the dialect has no offset without a limit");
        createItems(5);
        assertEquals(List.of(4L, 5L), limited(null, 3));
    }

    @Test
    final void limitOffset_neither_isEmpty() {
        assertEquals("", driver.dialect().limitOffset(false, false));
    }

    @Test
    final void insertDefaults_tableWithDefaults_insertsOneRow() {
        driver.exec(sql("CREATE TABLE [keyed] ([id] " + generatedKeyType() + ", [amount] INTEGER DEFAULT 7)"));
        assertEquals(1, driver.exec(driver.dialect().insertDefaults(sql("[keyed]"))));
        assertEquals(
                7,
                driver.query(sql("SELECT [amount] FROM [keyed]"))
                        .get()
                        .orElseThrow()
                        .getInt(0));
    }

    @Test
    final void insertsManyRows_ifSo_oneStatementInsertsThem() {
        assumeTrue(driver.dialect().insertsManyRows(), "the dialect has one row per INSERT");
        createItems();
        assertEquals(
                2,
                driver.exec(
                        sql("INSERT INTO [item] ([id], [label], [amount]) VALUES (?, ?, ?), (?, ?, ?)"),
                        1,
                        "one",
                        10,
                        2,
                        null,
                        20));
        assertEquals(2, countItems());
    }

    @Test
    final void columns_table_givesThemInOrderOrNone() {
        createItems();
        List<String> columns = driver.columns("item");
        assertTrue(columns.isEmpty() || columns.equals(List.of("id", "label", "amount")), columns::toString);
    }

    @Test
    final void columns_unknownTable_givesNone() {
        assertEquals(List.of(), driver.columns("nowhere"));
    }

    @Test
    final void columns_hostileTable_runsNothingElse() {
        createItems(1);
        for (String hostile : List.of("item'; DROP TABLE item; --", "item\"", "it`em", "x') OR 1=1 --")) {
            assertEquals(List.of(), driver.columns(hostile));
        }
        assertEquals(1, countItems());
    }

    private String quoted(List<String> names, String suffix) {
        return names.stream().map(name -> driver.dialect().quote(name) + suffix).collect(Collectors.joining(", "));
    }

    private List<Long> limited(@Nullable Integer limit, @Nullable Integer offset) {
        var params = new ArrayList<Object>();
        String clause = LIMIT_OR_OFFSET
                .matcher(driver.dialect().limitOffset(limit != null, offset != null))
                .replaceAll(match -> {
                    params.add(Objects.requireNonNull(match.group(1).equals("limit") ? limit : offset));
                    return "?";
                });
        return driver.query(sql("SELECT [id] FROM [item] ORDER BY [id] ") + clause, params.toArray())
                .all(columns -> row -> row.getLong(0));
    }
}
