package dev.bunary.orm.driver.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bunary.orm.driver.OrmException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Statements that change something: affected rows, batches, generated keys. */
abstract class ExecContract extends QueryContract {

    @Test
    final void exec_insert_affectsOneRow() {
        createItems();
        assertEquals(1, insertItem(driver, 1, "one"));
    }

    @Test
    final void exec_update_givesTheTrueNumberOfRows() {
        createItems(5);
        String update = sql("UPDATE [item] SET [label] = 'new' WHERE [id] > ?");
        assertEquals(0, driver.exec(update, 5));
        assertEquals(1, driver.exec(update, 4));
        assertEquals(5, driver.exec(update, 0));
    }

    @Test
    final void exec_delete_givesTheTrueNumberOfRows() {
        createItems(5);
        String delete = sql("DELETE FROM [item] WHERE [id] > ?");
        assertEquals(0, driver.exec(delete, 5));
        assertEquals(2, driver.exec(delete, 3));
        assertEquals(3, driver.exec(sql("DELETE FROM [item]")));
    }

    @Test
    final void exec_tableDefinition_affectsNoRow() {
        createItems(3);
        assertEquals(3, driver.exec(sql("UPDATE [item] SET [amount] = 0")));
        assertEquals(0, driver.exec(sql("CREATE TABLE [other] ([id] INTEGER PRIMARY KEY)")));
        assertEquals(0, driver.exec(sql("DROP TABLE [other]")));
    }

    @Test
    final void execBatch_severalRows_givesTheAffectedRowsOfEach() {
        createItems(4);
        List<@Nullable Object[]> rows = List.of(new Object[] {1}, new Object[] {99}, new Object[] {2});
        assertArrayEquals(new long[] {1, 0, 1}, driver.execBatch(sql("DELETE FROM [item] WHERE [id] = ?"), rows));
        assertEquals(2, countItems());
    }

    @Test
    final void execBatch_noRow_doesNothing() {
        createItems(1);
        assertArrayEquals(new long[0], driver.execBatch(sql("DELETE FROM [item] WHERE [id] = ?"), List.of()));
        assertEquals(1, countItems());
    }

    @Test
    final void execBatch_inATransactionThatFails_changesNothing() {
        createItems(1);
        List<@Nullable Object[]> rows =
                List.of(new Object[] {2, "two"}, new Object[] {1, "there already"}, new Object[] {3, "three"});
        String insert = sql("INSERT INTO [item] ([id], [label]) VALUES (?, ?)");
        assertThrows(OrmException.class, () -> driver.transaction(tx -> tx.execBatch(insert, rows)));
        assertEquals(List.of(1L), itemIds(driver));
    }

    @Test
    final void insert_askedForTheKey_givesTheGeneratedKey() {
        assumeTrue(givesGeneratedKeys(), "the driver gives no generated keys");
        driver.exec(sql("CREATE TABLE [keyed] ([id] " + generatedKeyType() + ", [label] VARCHAR(200))"));
        var insert = driver.insert(sql("INSERT INTO [keyed] ([label]) VALUES (?)"), List.of("id"), "first");
        long first = insert.get().orElseThrow().getLong("id");
        long second = insert.get().orElseThrow().getLong("id");
        assertEquals(
                List.of(first, second),
                driver.query(sql("SELECT [id] FROM [keyed] ORDER BY [id]")).all(columns -> row -> row.getLong(0)));
    }

    @Test
    final void insert_insideATransaction_isRolledBackWithIt() {
        assumeTrue(givesGeneratedKeys(), "the driver gives no generated keys");
        driver.exec(sql("CREATE TABLE [keyed] ([id] " + generatedKeyType() + ", [label] VARCHAR(200))"));
        String insert = sql("INSERT INTO [keyed] ([label]) VALUES (?)");
        var thrown = new IllegalStateException("rolls back");
        assertThrows(
                IllegalStateException.class,
                () -> driver.transaction(tx -> {
                    tx.insert(insert, List.of("id"), "gone").get().orElseThrow();
                    throw thrown;
                }));
        assertEquals(List.of(), driver.query(sql("SELECT [id] FROM [keyed]")).all());
    }
}
