package dev.bunary.orm.driver.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bunary.orm.driver.InvalidQueryException;
import dev.bunary.orm.driver.OrmException;
import dev.bunary.orm.driver.QueryResult;
import dev.bunary.orm.driver.Row;
import dev.bunary.orm.driver.RowReader;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Queries: when they run, what the terminal calls give. */
abstract class QueryContract extends DriverFixture {
    private static final RowReader<String> LABELS = columns -> {
        int label = columns.index("label");
        return row -> row.getString(label);
    };

    @Test
    final void query_beforeATerminalCall_runsNothing() {
        QueryResult bound = driver.query(sql("SELECT [id] FROM [item]"));
        createItems(1);
        assertEquals(1, bound.all().size());
    }

    @Test
    final void query_eachTerminalCall_runsAnew() {
        createItems();
        QueryResult bound = driver.query(sql("SELECT COUNT(*) FROM [item]"));
        assertEquals(0, bound.get().orElseThrow().getLong(0));
        insertItem(driver, 1, "one");
        assertEquals(1, bound.all().get(0).getLong(0));
        insertItem(driver, 2, "two");
        assertEquals(2, bound.get().orElseThrow().getLong(0));
    }

    @Test
    final void all_severalColumns_keepsLabelsAndOrder() {
        createItems(2);
        List<Row> rows = driver.query(sql("SELECT [label], [id], [amount] AS [total] FROM [item] ORDER BY [id] DESC"))
                .all();
        assertEquals(List.of("label", "id", "total"), rows.get(0).columns().labels());
        assertEquals(
                List.of("item 2", "item 1"),
                rows.stream().map(row -> row.getString("label")).toList());
        assertEquals(20, rows.get(0).getLong("total"));
        assertEquals(2, rows.get(0).getLong(1));
    }

    @Test
    final void terminalCalls_sameQuery_agree() {
        createItems(3);
        QueryResult bound = driver.query(sql("SELECT [id], [label] FROM [item] ORDER BY [id]"));
        List<String> labels = List.of("item 1", "item 2", "item 3");
        assertEquals(
                labels, bound.all().stream().map(row -> row.getString("label")).toList());
        assertEquals(labels, bound.all(LABELS));
        assertEquals(labels, streamed(bound));
        assertEquals(Optional.of("item 1"), bound.get(LABELS));
        assertEquals(Optional.of("item 1"), bound.get().map(row -> row.getString("label")));
    }

    @Test
    final void terminalCalls_noRow_areEmpty() {
        createItems();
        QueryResult bound = driver.query(sql("SELECT [id], [label] FROM [item]"));
        assertEquals(List.of(), bound.all());
        assertEquals(List.of(), bound.all(LABELS));
        assertEquals(List.of(), streamed(bound));
        assertEquals(Optional.empty(), bound.get());
        assertEquals(Optional.empty(), bound.get(LABELS));
    }

    @Test
    final void all_withReader_bindsTheReaderOnce() {
        createItems(3);
        var binds = new AtomicInteger();
        RowReader<Long> counting = columns -> {
            binds.incrementAndGet();
            return row -> row.getLong(0);
        };
        assertEquals(
                List.of(1L, 2L, 3L),
                driver.query(sql("SELECT [id] FROM [item] ORDER BY [id]")).all(counting));
        assertEquals(1, binds.get());
    }

    @Test
    final void all_readerThrows_throwsThatAndLeavesTheDriverUsable() {
        createItems(2);
        var thrown = new IllegalStateException("thrown by the reader");
        RowReader<String> failing = columns -> row -> {
            throw thrown;
        };
        QueryResult bound = driver.query(sql("SELECT [id] FROM [item]"));
        assertSame(thrown, assertThrows(IllegalStateException.class, () -> bound.all(failing)));
        assertSame(thrown, assertThrows(IllegalStateException.class, () -> bound.get(failing)));
        insertItem(driver, 3, "three");
        assertEquals(3, countItems());
    }

    @Test
    final void all_twoColumnsOfOneLabel_isAnError() {
        assertThrows(
                InvalidQueryException.class,
                () -> driver.query(sql("SELECT 1 AS [one], 2 AS [one]")).all());
    }

    @Test
    final void stream_bodyQueriesAgain_givesEveryRow() {
        createItems(5);
        try (Stream<Long> ids =
                driver.query(sql("SELECT [id] FROM [item] ORDER BY [id]")).stream(columns -> row -> row.getLong(0))) {
            List<String> labels = ids.map(id -> driver.query(sql("SELECT [label] FROM [item] WHERE [id] = ?"), id)
                            .get(LABELS)
                            .orElseThrow())
                    .toList();
            assertEquals(List.of("item 1", "item 2", "item 3", "item 4", "item 5"), labels);
        }
    }

    @Test
    final void stream_closedEarly_leavesTheDriverUsable() {
        createItems(5);
        try (Stream<String> labels = driver.query(sql("SELECT [label] FROM [item] ORDER BY [id]")).stream(LABELS)) {
            assertEquals(Optional.of("item 1"), labels.findFirst());
        }
        assertEquals(5, driver.exec(sql("DELETE FROM [item]")));
        driver.exec(sql("DROP TABLE [item]"));
    }

    @Test
    final void stream_closedByAnotherThreadWhileARowIsRead_endsItAndLeavesTheDriverUsable() throws Exception {
        createItems(3);
        var handedOut = new AtomicBoolean(); // a driver that reads all rows first maps them before that
        var goOn = new CountDownLatch(1);
        Stream<Long> ids = driver.query(sql("SELECT [id] FROM [item] ORDER BY [id]")).stream(columns -> row -> {
            long id = row.getLong(0);
            assertTrue(!handedOut.get() || Background.await(goOn));
            return id;
        });
        handedOut.set(true);
        List<Long> read = new CopyOnWriteArrayList<>();
        var reading = Background.start(() -> ids.forEach(read::add));
        reading.endsSoon();
        Background.start(ids::close).join();
        assertEquals(List.of(1L, 2L, 3L), itemIds(driver));
        goOn.countDown();
        try {
            reading.join();
        } catch (OrmException ended) {
            assertTrue(read.size() < 3, "all rows were read, and then there was an error");
        }
        assertEquals(List.of(1L, 2L, 3L).subList(0, read.size()), read);
        assertEquals(1, insertItem(driver, 4, "four"));
        assertEquals(List.of(1L, 2L, 3L, 4L), itemIds(driver));
    }

    private static List<String> streamed(QueryResult bound) {
        try (Stream<String> labels = bound.stream(LABELS)) {
            return labels.toList();
        }
    }
}
