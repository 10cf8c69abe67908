package dev.bunary.orm.driver.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.driver.Row;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Parameters: bound in order, never spliced into the text, and counted. */
abstract class ParameterContract extends ExecContract {
    private static final String INSERT = "INSERT INTO [item] ([id], [label], [amount]) VALUES (?, ?, ?)";

    private static final List<String> HOSTILE_TEXTS = List.of(
            "",
            " ",
            "'; DROP TABLE item; --",
            "\"; DROP TABLE item; --",
            "' OR '1'='1",
            "it''s \"quoted\" `three` [ways]",
            "\\' \\\" \\n %_?:name $1 {0}",
            "tab\tline\nreturn\r",
            "Gr\u00fc\u00dfe \u4e16\u754c \u0635",
            "\ud83d\ude00\ud834\udd1e",
            "e\u0301 is not \u00e9",
            "NULL");

    @Test
    final void exec_severalParameters_bindsThemInOrder() {
        createItems();
        assertEquals(1, driver.exec(sql(INSERT), 1, "one", 11L));
        Row row = driver.query(
                        sql("SELECT [id], [label], [amount] FROM [item] WHERE [label] = ? AND [amount] = ?"), "one", 11)
                .get()
                .orElseThrow();
        assertEquals(List.of(1L, 11L), List.of(row.getLong("id"), row.getLong("amount")));
    }

    @Test
    final void exec_nullParameter_bindsSqlNull() {
        createItems();
        driver.exec(sql(INSERT), 1, null, null);
        assertEquals(1, driver.exec(sql("UPDATE [item] SET [amount] = 5 WHERE [label] IS NULL AND [amount] IS NULL")));
        assertTrue(driver.query(sql("SELECT [label] FROM [item]"))
                .get()
                .orElseThrow()
                .isNull("label"));
    }

    @Test
    final void exec_tooFewParameters_isAnErrorAndChangesNothing() {
        createItems(1);
        // first a run that fits: a driver that reuses the statement must not reuse its values
        driver.exec(sql(INSERT), 2, "two", 20);
        assertThrows(OrmException.class, () -> driver.exec(sql(INSERT), 3, "three"));
        assertThrows(OrmException.class, () -> driver.exec(sql("DELETE FROM [item] WHERE [id] = ?")));
        assertEquals(List.of(1L, 2L), itemIds(driver));
    }

    @Test
    final void exec_tooManyParameters_isAnErrorAndChangesNothing() {
        createItems(1);
        assertThrows(OrmException.class, () -> driver.exec(sql(INSERT), 3, "three", 30, "more"));
        assertThrows(OrmException.class, () -> driver.exec(sql("DELETE FROM [item]"), 1));
        assertEquals(List.of(1L), itemIds(driver));
    }

    @Test
    final void query_wrongNumberOfParameters_isAnError() {
        createItems(1);
        String byId = sql("SELECT [id] FROM [item] WHERE [id] = ?");
        assertThrows(OrmException.class, () -> driver.query(byId).all());
        assertThrows(OrmException.class, () -> driver.query(byId, 1, 2).all());
        assertEquals(1, driver.query(byId, 1).all().size());
    }

    @Test
    final void execBatch_wrongNumberOfParameters_isAnErrorAndTheTransactionChangesNothing() {
        createItems(1);
        assertThrows(
                OrmException.class,
                () -> driver.transaction(tx ->
                        tx.execBatch(sql(INSERT), List.of(new Object[] {2, "two", 20}, new Object[] {3}))));
        assertEquals(List.of(1L), itemIds(driver));
    }

    @Test
    final void parameters_hostileTexts_comeBackAsTheyWere() {
        createItems();
        for (int id = 0; id < HOSTILE_TEXTS.size(); id++) {
            insertItem(driver, id, HOSTILE_TEXTS.get(id));
        }
        assertEquals(
                HOSTILE_TEXTS,
                driver.query(sql("SELECT [label] FROM [item] ORDER BY [id]")).all(columns -> row -> row.getString(0)));
    }

    @Test
    final void parameters_hostileTextsInAWhere_matchOnlyThemselves() {
        createItems();
        for (int id = 0; id < HOSTILE_TEXTS.size(); id++) {
            insertItem(driver, id, "x" + HOSTILE_TEXTS.get(id) + "x");
        }
        String byLabel = sql("SELECT [id] FROM [item] WHERE [label] = ?");
        for (int id = 0; id < HOSTILE_TEXTS.size(); id++) {
            List<Row> found =
                    driver.query(byLabel, "x" + HOSTILE_TEXTS.get(id) + "x").all();
            assertEquals(1, found.size());
            assertEquals(id, found.get(0).getInt("id"));
        }
    }

    @Test
    final void parameters_aMillionCharacters_comeBackAsTheyWere() {
        driver.exec(sql("CREATE TABLE [page] ([id] INTEGER PRIMARY KEY, [body] " + columnType(String.class) + ")"));
        String body = "a\u00fc\u4e16\ud83d\ude00".repeat(200_000);
        driver.exec(sql("INSERT INTO [page] ([id], [body]) VALUES (?, ?)"), 1, body);
        Row row = driver.query(sql("SELECT [body] FROM [page]")).get().orElseThrow();
        // not assertEquals, which would print both
        assertTrue(body.equals(row.getString("body")), "a text of a million characters came back changed");
    }

    @Test
    final void parameters_asManyAsTheDialectAllows_areBound() {
        createItems(3);
        int most = Math.min(driver.dialect().maxBindings(), 70_000);
        Object[] ids = new Object[most];
        for (int i = 0; i < most; i++) {
            ids[i] = i + 2;
        }
        String marks = "?" + ", ?".repeat(most - 1);
        assertEquals(
                2,
                driver.query(sql("SELECT [id] FROM [item] WHERE [id] IN (" + marks + ")"), ids)
                        .all()
                        .size());
    }

    @Test
    final void parameters_foreignType_isAnErrorAndChangesNothing() {
        assumeTrue(refusesForeignTypes(), "the driver stores values of any type as text");
        createItems();
        assertThrows(OrmException.class, () -> driver.exec(sql(INSERT), 1, new StringBuilder("one"), 10));
        assertThrows(OrmException.class, () -> driver.exec(sql(INSERT), 1, List.of("one"), 10));
        assertEquals(0, countItems());
    }
}
